-- A platform's own content, by signal, and what of it was found to be an item of the bank: docs/catalogue.md.

-- One row for each partner that has a catalogue. Whoever writes to a catalogue holds this row to the end of the
-- transaction, so that a partner's numbers are given in the order of commits.
create table catalogues (
  partner_id integer primary key references partners,
  -- The last number given to a content. Numbers are never used twice; they fit in 32 bits.
  last_number bigint not null default 0,
  contents bigint not null default 0,
  -- Hashes in all parts: what the parts are counted against.
  hashes bigint not null default 0
);

-- What a platform calls its content, once for each content. No foreign key: a row is only written while that of
-- `catalogues` is held, and looking it up again costs as much as the insert.
create table catalogue_contents (
  partner_id integer not null,
  content_id text collate "C" not null check (octet_length(content_id) between 1 and 256),
  number bigint not null,
  -- 128 bits of SHA-256 over the signals as sent: tells a repeated line from a conflicting one.
  signals_digest uuid not null,
  primary key (partner_id, content_id)
);
create unique index catalogue_contents_by_number on catalogue_contents (partner_id, number);

-- The hashes, in columns, as they are read past the items of the bank. The columns of a part are never changed: small
-- parts are put together into new ones. What was removed from a catalogue stays in its part until that is written anew.
create table catalogue_parts (
  id bigint generated always as identity primary key,
  partner_id integer not null references catalogues,
  type text not null check (type in ('pdq', 'md5', 'sha256')),
  hashes integer not null check (hashes > 0),
  -- Of the contents in it; parts of one partner and type never overlap.
  first_number bigint not null,
  last_number bigint not null,
  -- The first 16 bytes of each hash; the other 16, but for md5; the content's number, 4 bytes, little-endian.
  near bytea not null,
  rest bytea not null,
  numbers bytea not null,
  -- CRC-32 over the three.
  checksum bigint not null,
  -- Contents removed since it was written, and since when.
  removed integer not null default 0,
  removed_since timestamptz,
  -- Compared with every item in force that came with this number of the feed or before it.
  sequence bigint not null default 0,
  searched_at timestamptz,
  -- Why it could not be searched, and when that is tried again.
  failure text,
  retry_at timestamptz
);
-- Hashes don't get smaller by compression; without trying, they are read at once.
alter table catalogue_parts
  alter near set storage external, alter rest set storage external, alter numbers set storage external;
create index catalogue_parts_by_number on catalogue_parts (partner_id, type, first_number);
create index catalogue_parts_by_sequence on catalogue_parts (sequence);

-- How far a stream of lines has come, for a sender that was cut off.
create table catalogue_uploads (
  partner_id integer not null references catalogues,
  id uuid not null,
  lines bigint not null,
  updated_at timestamptz not null,
  primary key (partner_id, id)
);

-- Content that is an item of the bank. The match holds item, distance and opinion.
create table catalogue_findings (
  number bigint generated always as identity primary key,
  partner_id integer not null references partners,
  content_number bigint not null,
  match_id uuid not null unique references matches,
  at timestamptz not null
);
create index catalogue_findings_by_partner on catalogue_findings (partner_id, number);
create index catalogue_findings_by_content on catalogue_findings (partner_id, content_number);
