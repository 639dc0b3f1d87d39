import type { ApiProblem, ShippingAddress } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../lib/i18n/format.ts'
import { SelectField, TextField } from './field.tsx'

/** Where parcels go. ISO 3166-1 alpha-2. */
const countries = [
  'PT',
  'BR',
  'AR',
  'AT',
  'BE',
  'CA',
  'CH',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'IE',
  'IT',
  'LU',
  'NL',
  'NO',
  'PL',
  'SE',
  'US',
]

/** An address that is not filled in. */
export const emptyAddress: ShippingAddress = {
  name: '',
  line1: '',
  line2: '',
  postalCode: '',
  city: '',
  country: 'PT',
}

/** The address as the API takes it: without the empty second line. */
export function addressToSend({ line2, ...address }: ShippingAddress): ShippingAddress {
  return { ...address, ...(line2?.trim() && { line2 }) }
}

/** Fields of an address. Faults of `problem` below `pointer` stand on their fields. */
export function AddressFields(props: {
  value: ShippingAddress
  onChange: (value: ShippingAddress) => void
  problem: ApiProblem | undefined
  pointer: string
  required?: boolean
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { value, onChange, problem, pointer, required = false } = props
  const field = (key: keyof ShippingAddress, autoComplete: string) => ({
    label: t(`address.${key}`),
    name: key,
    autoComplete,
    value: value[key] ?? '',
    onChange: (event: { target: { value: string } }) => onChange({ ...value, [key]: event.target.value }),
    error: problem?.faultAt(`${pointer}/${key}`)?.detail,
  })
  const sorted = countries
    .map((code) => ({ code, name: format.country(code) }))
    .sort((one, other) => one.name.localeCompare(other.name, format.locale))
  return (
    <div className="grid gap-4 sm:grid-cols-6">
      <TextField {...field('name', 'name')} required={required} maxLength={120} className="sm:col-span-6" />
      <TextField
        {...field('line1', 'address-line1')}
        required={required}
        maxLength={120}
        className="sm:col-span-6"
      />
      <TextField {...field('line2', 'address-line2')} optional maxLength={120} className="sm:col-span-6" />
      <TextField
        {...field('postalCode', 'postal-code')}
        required={required}
        minLength={2}
        maxLength={16}
        className="sm:col-span-2"
      />
      <TextField
        {...field('city', 'address-level2')}
        required={required}
        maxLength={80}
        className="sm:col-span-4"
      />
      <SelectField {...field('country', 'country')} className="sm:col-span-6">
        {sorted.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

/** An address as it stands on a parcel. */
export function AddressText({ address }: { address: ShippingAddress }) {
  const format = useFormat()
  const { name, line1, line2, postalCode, city, country } = address
  return (
    <address className="not-italic leading-relaxed">
      {[name, line1, line2, `${postalCode} ${city}`, format.country(country)].filter(Boolean).map((line) => (
        <span key={line} className="block break-words">
          {line}
        </span>
      ))}
    </address>
  )
}
