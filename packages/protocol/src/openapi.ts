/** The OpenAPI 3.1 document, made from the route table: JSON Schema 2020-12 needs no translation in 3.1. */
import Type, { type TSchema } from "typebox";
import { ERRORS, ErrorBody, type ErrorCode } from "./errors.ts";
import { type Route, ROUTES } from "./routes.ts";

/** Codes any address can answer. */
const EVERYWHERE: readonly ErrorCode[] = ["request_invalid", "body_too_large", "rate_limited", "internal"];

type Json = { readonly [key: string]: unknown };

/** Whether a property may be left out; TypeBox marks it beside the schema. */
const isOptional = (schema: TSchema): boolean => Type.IsOptional(schema);

const errorAnswers = (route: Route): Json => {
  const keyCodes: readonly ErrorCode[] = route.key === undefined ? [] : ["key_missing", "key_wrong"];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...EVERYWHERE, ...keyCodes, ...route.errors]) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join("\n\n"),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
};

const parameters = (route: Route): readonly Json[] => [
  ...[...route.path.matchAll(/\{(\w+)\}/g)].map((found) => ({
    name: found[1],
    in: "path",
    required: true,
    schema: { type: "string" },
  })),
  ...Object.entries(route.query ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: !isOptional(schema),
    schema,
  })),
];

const operation = (route: Route): Json => ({
  operationId: route.id,
  summary: route.summary,
  tags: [route.role],
  ...(route.key === undefined ? {} : { security: [{ [route.key]: [] }] }),
  ...(parameters(route).length === 0 ? {} : { parameters: parameters(route) }),
  ...(route.request === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: {
            [route.takesLines === true ? "application/x-ndjson" : "application/json"]: { schema: route.request },
            ...(route.takesPicture === true ? { "image/*": { schema: {} } } : {}),
          },
        },
      }),
  responses: {
    [String(route.status)]: {
      description: "Done.",
      content: { "application/json": { schema: route.answer } },
    },
    ...errorAnswers(route),
  },
});

/** A plain object ready for JSON. */
export const openApiDocument = (version: string): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Recourse",
      version,
      description: "The hub, where cases live, and the gate, which checks uploads against the bank.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas: { Error: ErrorBody },
      securitySchemes: {
        gate: { type: "http", scheme: "bearer", description: "A gate key." },
        admin: { type: "http", scheme: "bearer", description: "The admin key of this server." },
      },
    },
  };
};
