import { CheckCard } from '../../../components/check-card.tsx'

/** Any of several values, each by its name and a sentence about it. They keep the order in which they are offered. */
export function Choices<Value extends string>(props: {
  legend: string
  choices: readonly { value: Value; text: string }[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
}) {
  const { legend, choices, chosen, onChange } = props
  const pick = (value: Value, isPicked: boolean) =>
    onChange(
      choices
        .map((choice) => choice.value)
        .filter((each) => (each === value ? isPicked : chosen.includes(each))),
    )
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {choices.map(({ value, text }) => (
          <CheckCard
            key={value}
            label={value.split(':grant-type:').at(-1) ?? value}
            text={text}
            checked={chosen.includes(value)}
            onChange={({ target }) => pick(value, target.checked)}
          />
        ))}
      </div>
    </fieldset>
  )
}
