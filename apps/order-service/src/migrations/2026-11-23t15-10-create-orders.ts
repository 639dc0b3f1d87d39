import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Orders, their lines, their append-only history, and the accounts behind them as account events tell. */
export const createOrders: Migration = {
  async up(db) {
    await sql`
      create table account (
        id text primary key,
        name text not null,
        email text,
        version bigint not null,
        search_text text not null
      )`.execute(db)
    await sql`create index account_search on account using gin (search_text gin_trgm_ops)`.execute(db)
    await sql`create sequence order_number`.execute(db)
    await sql`
      create table "order" (
        id uuid primary key,
        number text not null unique,
        status text not null check (status in ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
        customer_id text not null references account,
        total integer not null check (total >= 0),
        line_count integer not null check (line_count > 0),
        shipping_address jsonb not null,
        note text,
        placed_at timestamptz not null,
        updated_at timestamptz not null,
        version integer not null
      )`.execute(db)
    await sql`create index order_customer on "order" (customer_id, placed_at desc, id desc)`.execute(db)
    await sql`create index order_placed on "order" (placed_at desc, id desc)`.execute(db)
    await sql`create index order_status on "order" (status, placed_at desc, id desc)`.execute(db)
    await sql`create index order_total on "order" (total, id)`.execute(db)
    await sql`
      create table order_line (
        order_id uuid not null references "order",
        position integer not null,
        product_id uuid not null references product,
        name_en text not null,
        name_pt text not null,
        quantity integer not null check (quantity > 0),
        unit_price integer not null check (unit_price >= 0),
        primary key (order_id, position)
      )`.execute(db)
    await createHistory(db)
  },
  async down(db) {
    await sql`drop table order_event, order_line, "order", account`.execute(db)
    await sql`drop sequence order_number`.execute(db)
  },
}

/** Who did, or tried to do, what: the timeline of an order and its audit trail in one table. */
async function createHistory(db: Parameters<Migration['up']>[0]): Promise<void> {
  await sql`
    create table order_event (
      id bigint generated always as identity primary key,
      order_id uuid not null references "order",
      at timestamptz not null,
      action text not null,
      outcome text not null check (outcome in ('done', 'denied')),
      from_status text,
      to_status text,
      actor_id text not null,
      actor_name text not null,
      actor_role text not null,
      reason text,
      trace_id text
    )`.execute(db)
  await sql`create index order_event_order on order_event (order_id, id)`.execute(db)
  await sql`
    do $$
    declare runtime text;
    begin
      for runtime in
        select distinct grantee from information_schema.role_table_grants
        where table_name = 'order_event' and grantee <> current_user
      loop
        execute format('revoke update, delete, truncate on order_event from %I', runtime);
      end loop;
    end $$`.execute(db)
}
