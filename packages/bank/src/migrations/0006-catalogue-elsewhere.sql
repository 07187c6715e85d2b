-- Columns of a part may lie in ClickHouse instead of here; then near, rest and numbers are empty: docs/clickhouse.md.

alter table catalogue_parts
  add column location text not null default 'database' check (location in ('database', 'clickhouse'));

-- Parts whose rows are still to be deleted from ClickHouse: written together with what made them superfluous.
create table catalogue_discarded (
  part bigint primary key
);
