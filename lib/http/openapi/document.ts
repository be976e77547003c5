import type { OpenAPIHono } from '@hono/zod-openapi';
import { bearerScheme } from '../auth';
import type { AppEnv } from '../env';
import type { Product } from '../product';
import { noDescription, type ApiDescription } from './description';
import { createSchemaNames, nameOfRef, type SchemaNames } from './named-schemas';
import { completeResponses, headers, refusalComponents, type Response } from './responses';
import { mapSchema, type Schema } from './schema';

interface Parameter {
  name: string;
  in: string;
  schema: Schema;
  description?: string;
}
interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
}
interface Generated {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = Record<string, unknown>;

/**
 * The OpenAPI document of the routes that are mounted: each object has a name, each operation its headers, the scope that
 * it requires, and what every operation may refuse.
 * @throws Error for a name that two different schemas would have.
 */
export function openApiDocument(
  app: OpenAPIHono<AppEnv>,
  { name, description, api = noDescription }: Product,
): OpenApiDocument {
  const info = {
    title: name,
    version: '1',
    summary: description,
    description: api.conventions || description,
    license: api.license,
    contact: api.contact,
  };
  const generated = app.getOpenAPI31Document({ openapi: '3.1.0', info }) as unknown as Generated;
  const paths = Object.entries(generated.paths ?? {});
  const names = createSchemaNames(api.schemas, generated.components?.schemas ?? {});
  const described = paths.map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([verb, one]) => [verb, complete(one, `${verb} ${path}`, names, api)]),
    ),
  ]);
  names.refer({ $ref: '#/components/schemas/Problem' }, 'Problem');
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/', description: 'Where this document is served' }, ...api.servers],
    security: [{ [bearerScheme]: [] }],
    tags: Object.entries(api.tags).map(([tag, about]) => ({ name: tag, description: about })),
    paths: Object.fromEntries(described) as unknown,
    components: {
      schemas: names.used(),
      responses: refusalComponents(),
      headers,
      securitySchemes: {
        [bearerScheme]: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token (JWT) of a person, or the API key of a program',
        },
      },
    },
  };
}

function complete(operation: Operation, route: string, names: SchemaNames, api: ApiDescription): Operation {
  const {
    operationId = route.replaceAll(/\W+/g, '_'),
    summary = '',
    description,
    security,
    parameters,
    requestBody,
    responses,
  } = operation;
  const base = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const scope = security?.[0]?.[bearerScheme]?.[0];
  const needs = scope === undefined ? [] : [`Requires the scope \`${scope}\`.`];
  return {
    ...operation,
    description: [description ?? `${summary}.`, ...needs].join('\n\n'),
    ...(parameters ? { parameters: parameters.map((one) => completeParameter(one, api)) } : {}),
    ...(requestBody
      ? { requestBody: { ...requestBody, content: namedBody(requestBody.content, `${base}Request`) } }
      : {}),
    responses: Object.fromEntries(
      Object.entries(completeResponses(responses)).map(([status, response]) => [
        status,
        response.content ? { ...response, content: named(response.content, `${base}Response`) } : response,
      ]),
    ),
  };

  function named(content: Record<string, { schema?: Schema }>, name: string) {
    const entries = Object.entries(content).map(([type, media]) => [
      type,
      { ...media, ...(media.schema ? { schema: names.refer(media.schema, name) } : {}) },
    ]);
    return Object.fromEntries(entries) as Record<string, { schema: Schema }>;
  }

  function namedBody(content: Record<string, { schema: Schema }>, name: string) {
    const entries = Object.entries(named(content, name)).map(([type, media]) => {
      const example = api.examples[nameOfRef(media.schema.$ref ?? '')];
      return [type, example === undefined ? media : { ...media, example }] as const;
    });
    return Object.fromEntries(entries);
  }
}

function completeParameter(parameter: Parameter, { parameterExamples }: ApiDescription): Parameter {
  const example = parameterExamples[parameter.name];
  const portable = (schema: Schema): Schema => mapSchema(schema, portable);
  return { ...parameter, schema: portable(parameter.schema), ...(example === undefined ? {} : { example }) };
}

/** What is wrong with the names of the operations, as a sentence for each: clients name their methods after them. */
export function operationFaults(document: OpenApiDocument): string[] {
  const seen = new Map<string, string>();
  return Object.entries(document['paths'] as Required<Generated>['paths']).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([verb, { operationId }]) => {
      const route = `${verb.toUpperCase()} ${path}`;
      if (!operationId)
        return [`${route}: it has no operationId; give its createRoute one, a verb and what it acts on`];
      const other = seen.get(operationId);
      seen.set(operationId, route);
      return other === undefined ? [] : [`${route}: ${other} has the operationId ${operationId} already`];
    }),
  );
}
