import type { components as Gateway } from './generated/api-gateway.ts'
import type { components as Accounts } from './generated/auth-server.ts'
import type { components as Orders } from './generated/order-service.ts'
import type { components as Users } from './generated/user-service.ts'

type OrderSchemas = Orders['schemas']
type UserSchemas = Users['schemas']

/** Text in each language of the platform. */
export type LocalizedText = OrderSchemas['LocalizedText']
/** Minor units of a currency: 1290 EUR is €12.90. */
export type Money = OrderSchemas['Money']
/** A shelf of the shop. */
export type Category = OrderSchemas['Category']
/** A product as lists show it. */
export type ProductSummary = OrderSchemas['ProductSummary']
/** A product as its page shows it. */
export type Product = OrderSchemas['Product']
/** An order as lists show it. */
export type OrderSummary = OrderSchemas['OrderSummary']
/** An order as its page shows it. */
export type Order = OrderSchemas['Order']
/** Where an order stands. */
export type OrderStatus = OrderSchemas['OrderStatus']
/** What can be done to an order. */
export type OrderAction = OrderSchemas['OrderAction']
/** What is sent to place an order. */
export type PlaceOrder = OrderSchemas['PlaceOrder']
/** Where a parcel goes. */
export type ShippingAddress = OrderSchemas['ShippingAddress']
/** A person's own profile, or one that staff may see. */
export type Profile = UserSchemas['Profile']
/** A person as lists show him. */
export type ProfileSummary = UserSchemas['ProfileSummary']
/** What is sent to change the own profile. */
export type ProfileChanges = UserSchemas['ProfileChanges']
/** Somebody's means to sign in: roles and status live here. */
export type Account = Accounts['schemas']['Account']
/** What people of a role may have done in their name. */
export type Role = Accounts['schemas']['Role']
/** What the API lets a client do. */
export type ApiScope = Accounts['schemas']['ApiScope']
/** An entry of the audit log. */
export type AuditEvent = Accounts['schemas']['AuditEvent']
/** A key that signs tokens, without its private part. */
export type SigningKey = Accounts['schemas']['SigningKey']
/** All of them, and when the next ones come. */
export type SigningKeys = Accounts['schemas']['SigningKeys']
/** What an account is made of. */
export type NewAccount = Accounts['schemas']['NewAccount']
/** A place where somebody is signed in. */
export type AccountSession = Accounts['schemas']['AccountSession']
/** A party that may ask for tokens. */
export type Client = Accounts['schemas']['Client']
/** What an administrator says of a client. */
export type ClientSettings = Accounts['schemas']['ClientSettings']
/** Whether codes would be sent to an address. */
export type RedirectUriTest = Accounts['schemas']['RedirectUriTest']
/** What a person has allowed a client. */
export type Consent = Accounts['schemas']['Consent']
/** Findings and scores of the server or a client. */
export type ConformanceReport = Accounts['schemas']['ConformanceReport']
/** What came of one rule. */
export type ConformanceFinding = Accounts['schemas']['ConformanceFinding']
/** The gateway as administrators see it. */
export type GatewayView = Gateway['schemas']['GatewayView']
/** A route with all that it matches by. */
export type GatewayRoute = Gateway['schemas']['GatewayRoute']
/** A header or query parameter that a route asks for. */
export type GatewayCriterion = Gateway['schemas']['GatewayCriterion']
/** What became of requests in the last minute. */
export type LiveFigures = Gateway['schemas']['LiveFigures']
/** A cluster and how its destinations are. */
export type GatewayCluster = Gateway['schemas']['GatewayCluster']
/** A destination and how it is. */
export type GatewayDestination = Gateway['schemas']['GatewayDestination']
/** Which route takes a URL, and why. */
export type WhichRoute = Gateway['schemas']['GatewayWhichRoute']
/** What a route misses in a request. */
export type GatewayMissed = Gateway['schemas']['GatewayMissed']
/** The cache of a service as administrators see it. Those of all services have one form. */
export type CacheView = OrderSchemas['CacheView']
/** What was counted of one kind of cached values. */
export type CacheClassView = OrderSchemas['CacheClass']
/** How one process of a service is. */
export type CacheProcess = OrderSchemas['CacheProcess']
/** How one key stands. */
export type CacheExplanation = OrderSchemas['CacheExplanation']
/** What is under a key. */
export type CacheEntry = OrderSchemas['CacheEntry']
/** Who made what void. */
export type CacheInvalidation = OrderSchemas['CacheInvalidation']
