import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** The catalogue. Trigrams find a word's part in either language; `search_text` and the sort columns are folded by the service. */
export const createCatalogue: Migration = {
  async up(db) {
    await sql`create extension if not exists pg_trgm`.execute(db)
    await sql`
      create table category (
        id text primary key,
        position integer not null unique,
        name_en text not null,
        name_pt text not null
      )`.execute(db)
    await sql`
      create table product (
        id uuid primary key,
        slug text not null unique,
        category_id text not null references category,
        name_en text not null,
        name_pt text not null,
        description_en text not null,
        description_pt text not null,
        details jsonb not null,
        motif text not null,
        palette text not null,
        price integer not null check (price >= 0),
        stock integer not null check (stock >= 0),
        version integer not null default 1,
        sort_en text not null,
        sort_pt text not null,
        search_text text not null,
        created_at timestamptz not null
      )`.execute(db)
    await sql`create index product_search on product using gin (search_text gin_trgm_ops)`.execute(db)
    await sql`create index product_category on product (category_id)`.execute(db)
    await sql`create index product_sort_en on product (sort_en collate "C", id)`.execute(db)
    await sql`create index product_sort_pt on product (sort_pt collate "C", id)`.execute(db)
    await sql`create index product_price on product (price, id)`.execute(db)
  },
  async down(db) {
    await sql`drop table product, category`.execute(db)
  },
}
