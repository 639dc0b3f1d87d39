import { create } from 'zustand'
import { persist } from 'zustand/middleware'

/** One product in the cart. Names and prices are asked of the catalogue when shown: they may have changed since. */
export type CartLine = { productId: string; quantity: number }

/** The most of one product that one order takes. */
export const maximumQuantity = 99

/** The cart of this browser, kept until it is ordered. */
export const useCart = create<{ lines: CartLine[] }>()(
  persist(() => ({ lines: [] as CartLine[] }), { name: 'alicerce.cart' }),
)

/** Puts `quantity` more of a product into the cart. */
export function addToCart(productId: string, quantity = 1): void {
  const { lines } = useCart.getState()
  const line = lines.find((line) => line.productId === productId)
  if (line) setQuantity(productId, line.quantity + quantity)
  else useCart.setState({ lines: [...lines, { productId, quantity: withinLimits(quantity) }] })
}

/** Sets how many of a product are wanted; 0 takes it out. */
export function setQuantity(productId: string, quantity: number): void {
  const { lines } = useCart.getState()
  useCart.setState({
    lines:
      quantity < 1
        ? lines.filter((line) => line.productId !== productId)
        : lines.map((line) =>
            line.productId === productId ? { productId, quantity: withinLimits(quantity) } : line,
          ),
  })
}

/** Takes everything out, once it is ordered. */
export const emptyCart = () => useCart.setState({ lines: [] })

/** How many things are in the cart. */
export const countOf = (lines: readonly CartLine[]) => lines.reduce((sum, line) => sum + line.quantity, 0)

const withinLimits = (quantity: number) => Math.min(maximumQuantity, Math.max(1, Math.trunc(quantity)))
