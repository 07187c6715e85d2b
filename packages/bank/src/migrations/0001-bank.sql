-- The bank: cases, items, signals, partners, matches with opinions, and the feed.

create table banks (
  id smallint generated always as identity primary key,
  name text not null unique,
  -- 'network': cases of the hub. 'own': what this platform added itself.
  kind text not null check (kind in ('network', 'own'))
);
insert into banks (name, kind) values ('recourse', 'network'), ('own', 'own');

create table cases (
  id bigint generated always as identity primary key,
  case_number text not null unique,
  -- SHA-256 of the case token; the token itself is never stored.
  access_verifier bytea not null check (length(access_verifier) = 32),
  opened_at timestamptz not null,
  withdrawn_at timestamptz
);

create table recovery_codes (
  case_id bigint not null references cases,
  verifier bytea not null check (length(verifier) = 32),
  used_at timestamptz,
  primary key (case_id, verifier)
);

create table items (
  id uuid primary key,
  -- Short number for the index, which works with 32-bit ids.
  number integer generated always as identity unique,
  bank_id smallint not null references banks,
  case_id bigint references cases,
  media text not null check (media in ('image', 'video')),
  -- SHA-256 over the signals as sent: tells a repeated request from a conflicting one.
  signals_digest bytea not null,
  signal_count integer not null,
  added_at timestamptz not null,
  withdrawn_at timestamptz
);
create index items_by_case on items (case_id) where case_id is not null;
create index items_own on items (bank_id, number) where withdrawn_at is null;

-- Signals of active items only: a withdrawal deletes them.
create table signals (
  item_id uuid not null references items,
  type text not null check (type in ('pdq', 'md5', 'sha256')),
  value bytea not null check (length(value) = case type when 'md5' then 16 else 32 end),
  quality smallint check (quality between 0 and 100),
  kind text,
  primary key (item_id, type, value)
);
create index signals_by_value on signals (value);

-- One row: the last sequence number given out. Updating it holds its lock to the end of the transaction, so
-- numbers are given in the order of commits, and a transaction that fails gives its numbers back: no gaps.
create table feed_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null
);
insert into feed_head (sequence) values (0);

create table feed (
  sequence bigint primary key,
  operation text not null check (operation in ('add', 'withdraw')),
  item_id uuid not null references items,
  at timestamptz not null
);

create table partners (
  id integer generated always as identity primary key,
  name text not null,
  role text not null check (role in ('gate', 'admin')),
  -- SHA-256 of the key.
  key_hash bytea not null unique check (length(key_hash) = 32),
  -- Whether a person may be told this partner's name.
  discloses_name boolean not null default false,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create table matches (
  -- Derived from partner, item and what was asked, so that the same upload asked twice is one match.
  id uuid primary key,
  partner_id integer not null references partners,
  item_id uuid not null references items,
  signal_type text not null,
  distance_bits smallint not null,
  times integer not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  opinion text check (opinion in ('blocked', 'not_blocked', 'false_match', 'pending_review')),
  opinion_at timestamptz
);
create index matches_by_item on matches (item_id);
