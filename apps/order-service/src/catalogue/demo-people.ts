import type { ShippingAddress } from '#src/domain/order.ts'

/** Somebody in the sample orders. Only the first three can sign in, as the auth server's demo accounts; the others are invented. */
export type DemoPerson = { id: string; name: string; email: string; address: Omit<ShippingAddress, 'name'> }

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const person = (
  number: number,
  name: string,
  email: string,
  [line1, postalCode, city, country]: [string, string, string, string],
): DemoPerson => ({ id: id(number), name, email, address: { line1, postalCode, city, country } })

/** The customer whose account can be tried. */
export const demoCustomer = person(1, 'Clara Costa', 'customer@alicerce.test', [
  'Rua das Flores 28, 2.º Esq.',
  '1200-195',
  'Lisboa',
  'PT',
])

/** The support agent who moves the sample orders. */
export const demoAgent = person(2, 'Simão Silva', 'support@alicerce.test', [
  'Rua Nova 1',
  '1100-366',
  'Lisboa',
  'PT',
])

/** People who exist in the samples only. */
export const inventedCustomers: readonly DemoPerson[] = [
  person(101, 'Beatriz Nogueira', 'beatriz.nogueira@example.com', [
    'Rua do Almada 114',
    '4050-031',
    'Porto',
    'PT',
  ]),
  person(102, 'Tomás Figueiredo', 'tomas.figueiredo@example.com', [
    'Av. Central 57',
    '4710-229',
    'Braga',
    'PT',
  ]),
  person(103, 'Larissa Monteiro', 'larissa.monteiro@example.com', [
    'Rua Augusta 1508',
    '01304-001',
    'São Paulo',
    'BR',
  ]),
  person(104, 'Duarte Pimentel', 'duarte.pimentel@example.com', [
    'Rua da Sofia 83',
    '3000-390',
    'Coimbra',
    'PT',
  ]),
  person(105, 'Hannah Lindqvist', 'hannah.lindqvist@example.com', [
    'Folkungagatan 71',
    '116 22',
    'Stockholm',
    'SE',
  ]),
  person(106, 'Rafael Azevedo', 'rafael.azevedo@example.com', [
    'Rua Voluntários da Pátria 340',
    '22270-010',
    'Rio de Janeiro',
    'BR',
  ]),
  person(107, 'Inês Carvalhal', 'ines.carvalhal@example.com', [
    'Rua 5 de Outubro 12',
    '7000-854',
    'Évora',
    'PT',
  ]),
  person(108, 'Marco Bianchi', 'marco.bianchi@example.com', ['Via Garibaldi 19', '10122', 'Torino', 'IT']),
  person(109, 'Catarina Lourenço', 'catarina.lourenco@example.com', [
    'Rua de Santo António 45',
    '8000-283',
    'Faro',
    'PT',
  ]),
  person(110, 'Jonas Weber', 'jonas.weber@example.com', ['Wrangelstraße 42', '10997', 'Berlin', 'DE']),
  person(111, 'Yara Nascimento', 'yara.nascimento@example.com', [
    'Rua Chile 27',
    '40020-000',
    'Salvador',
    'BR',
  ]),
  person(112, 'Élodie Marchand', 'elodie.marchand@example.com', [
    'Rue des Carmes 8',
    '44000',
    'Nantes',
    'FR',
  ]),
]
