/** What bench/ measures of ClickHouse: the very statements that the store sends. */
import { rowsOf } from "./rows.ts";
import { CREATE_TABLE, INSERT_ROWS, nearCondition, selectNear } from "./statements.ts";

export const clickHouseStatements = {
  createTable: CREATE_TABLE,
  insertRows: INSERT_ROWS,
  rowsOf,
  nearCondition,
  selectNear,
};
