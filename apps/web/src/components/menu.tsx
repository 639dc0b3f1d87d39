import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

/**
 * A menu below a button. Never modal: the modal one of Radix locks scrolling by writing a `<style>`, which the content security policy
 * of the app forbids.
 */
export function MenuButton({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          className="z-50 min-w-56 animate-[rise_120ms_ease-out] rounded-md border border-line bg-raised p-1.5 shadow-lifted"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const itemClasses =
  'flex min-h-10 w-full cursor-pointer select-none items-center gap-2.5 rounded-sm px-2.5 text-sm outline-none data-highlighted:bg-primary-soft data-highlighted:text-on-primary-soft'

/** One thing to do. */
export function MenuItem(props: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item {...props} className={itemClasses} />
}

/** A choice of one. */
export function MenuChoice<T extends string>(props: {
  label: string
  value: T
  options: { value: T; text: string; lang?: string }[]
  onChoose: (value: T) => void
}) {
  const { label, value, options, onChoose } = props
  return (
    <DropdownMenu.RadioGroup
      value={value}
      onValueChange={(chosen) => onChoose(chosen as T)}
      aria-label={label}
    >
      <DropdownMenu.Label className="px-2.5 pt-2 pb-1 font-medium text-muted text-xs">
        {label}
      </DropdownMenu.Label>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          lang={option.lang}
          className={itemClasses}
        >
          <span className="flex-1">{option.text}</span>
          <DropdownMenu.ItemIndicator>
            <Check aria-hidden className="size-4" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

/** A line between groups. */
export const MenuLine = () => <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
