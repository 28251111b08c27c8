/**
 * `src/status/model/api.schema.json`, written from the model's types and their comments: `npm run generate` writes it, and a test
 * compares it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-6';

type Schema = { readonly [key: string]: unknown };

const folder = join(import.meta.dirname, '../src/status/model');
/** Addresses, and the type of each one's answer. */
const answers = {
  status: 'Status',
  graph: 'Graph',
  producers: 'Producers',
  scrapers: 'Scrapers',
  series: 'Series',
  labels: 'Labels',
  family: 'Family',
  refusals: 'Refusals',
  config: 'Config',
  extensions: 'Extensions',
  features: 'Features',
  tick: 'Tick',
} as const;

export function statusSchema(): Schema {
  const entry = join(folder, 'index.ts');
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
  };
  const program = ts.createProgram([entry], {
    ...options,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  const types = new Map(
    checker.getExportsOfModule(module).map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(resolved(symbol))]),
  );
  const defs = new Map<string, Schema>();

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  }

  function described(symbol: ts.Symbol | undefined): Schema {
    const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ');
    return text === '' ? {} : { description: text };
  }

  /** A type of the model that has a name is written once. */
  function referred(type: ts.Type): Schema {
    const symbol = type.aliasSymbol ?? type.symbol;
    const isNamed =
      symbol !== undefined && type === types.get(symbol.name) && !isLiteral(type) && (type.flags & ts.TypeFlags.Number) === 0;
    if (!isNamed) return schemaOf(type);
    if (!defs.has(symbol.name)) {
      defs.set(symbol.name, {});
      defs.set(symbol.name, { ...described(symbol), ...schemaOf(type) });
    }
    return { $ref: `#/$defs/${symbol.name}` };
  }

  function schemaOf(type: ts.Type): Schema {
    if (type.isUnion()) return unionOf(type.types.filter((one) => (one.flags & ts.TypeFlags.Undefined) === 0));
    if (type.isStringLiteral()) return { const: type.value };
    if ((type.flags & ts.TypeFlags.StringLike) !== 0) return { type: 'string' };
    if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return { type: 'number' };
    if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return { type: 'boolean' };
    if ((type.flags & ts.TypeFlags.Null) !== 0) return { type: 'null' };
    if (checker.isArrayType(type))
      return { type: 'array', items: referred(checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type) };
    const values = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (values !== undefined) return { type: 'object', additionalProperties: referred(values.type) };
    return objectOf(type);
  }

  function unionOf(types: readonly ts.Type[]): Schema {
    const [only] = types;
    if (types.length === 1 && only !== undefined) return referred(only);
    if (types.every((one) => (one.flags & ts.TypeFlags.BooleanLike) !== 0)) return { type: 'boolean' };
    if (types.every(isLiteral)) return { enum: types.map((one) => (one as ts.StringLiteralType).value) };
    return { anyOf: types.map(referred) };
  }

  function objectOf(type: ts.Type): Schema {
    const properties = checker.getPropertiesOfType(type);
    const isRequired = ({ flags }: ts.Symbol) => (flags & ts.SymbolFlags.Optional) === 0;
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map((symbol) => [symbol.name, { ...described(symbol), ...referred(checker.getTypeOfSymbol(symbol)) }]),
      ),
      required: properties.filter(isRequired).map(({ name }) => name),
      additionalProperties: false,
    };
  }

  const properties = Object.entries(answers).map(([address, name]) => [`/api/${address}`, referred(types.get(name) as ts.Type)]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What the page of Meterbridge answers under /api/, by address',
    description:
      'Times are milliseconds since 1970. A property that is absent is not known, or there is no such thing. The data of each message of /api/events is a /api/tick.',
    type: 'object',
    properties: Object.fromEntries(properties),
    $defs: Object.fromEntries([...defs].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function isLiteral(type: ts.Type): boolean {
  return type.isStringLiteral() || (type.isUnion() && type.types.every((one) => one.isStringLiteral()));
}

if (import.meta.main) writeFileSync(join(folder, 'api.schema.json'), `${JSON.stringify(statusSchema(), null, 2)}\n`);
