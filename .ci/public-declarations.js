import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from '@typescript/typescript6';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/**
 * What a file of declarations offers, sorted by name, without comments, without what nobody outside is to use, as it is
 * `@internal`, private or protected, and without what is only reached from there. `folder` is where it may write.
 */
export async function publicDeclarations(file, folder) {
  const source = parse(file);
  const internal = new Set(source.statements.filter(isInternal).map(nameOf));
  const input = join(folder, 'index.d.ts');
  writeFileSync(input, print(ts.transform(source, [without(internal)]).transformed[0].statements));

  // What is left over, rollup takes out.
  const bundled = await rollup({ input, plugins: [dts()], external: /^[^./]/, onLog: fail });
  const { output } = await bundled.generate({ format: 'es' });
  writeFileSync(input, output[0].code);
  const statements = [...parse(input).statements];
  return print(statements.toSorted((a, b) => compare(sortedBy(a), sortedBy(b))));
}

function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

function without(names) {
  return ({ factory, ...context }) =>
    function visit(node) {
      if (isInternal(node) || isHidden(node)) return undefined;
      if (ts.isExportSpecifier(node) && names.has(nameOf(node))) return undefined;
      return ts.visitEachChild(node, visit, { factory, ...context });
    };
}

function isInternal(node) {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

function isHidden(node) {
  if (node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword);
}

function nameOf(node) {
  const [declared = node] = node.declarationList?.declarations ?? [];
  return declared.name?.text ?? '';
}

/** Imports first, exports last, as they are usually read. */
function sortedBy(node) {
  if (ts.isImportDeclaration(node)) return ` ${node.moduleSpecifier.text}`;
  return ts.isExportDeclaration(node) || ts.isExportAssignment(node) ? `~${node.getText()}` : nameOf(node);
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function print(statements) {
  const printer = ts.createPrinter({ removeComments: true });
  const file = ts.createSourceFile('', '', ts.ScriptTarget.Latest);
  const texts = statements.map((node) =>
    printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile() ?? file),
  );
  return texts.map((text) => `${text.replaceAll(/\[\s+\]/g, '[]')}\n`).join('\n');
}

function fail(_level, { message }) {
  throw new Error(message);
}
