// Reads BPMN files with the Camunda Modeler's own reader and writes them back.
// Prints one JSON object: file -> { warnings, unknown, xml }.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';

const camunda = createRequire(import.meta.url)('camunda-bpmn-moddle/resources/camunda.json');
const moddle = new BpmnModdle({ camunda });

/** Attributes and elements the Modeler keeps without understanding them. */
function unknownIn(element, where, found, seen) {
  if (!element || typeof element !== 'object' || seen.has(element)) return found;
  seen.add(element);
  const here = element.id || where;
  if (element.$descriptor?.isGeneric) found.push(`${here}: element ${element.$type}`);
  for (const name of Object.keys(element.$attrs || {})) {
    // xsi:type is XML Schema's own; the reader has already used it.
    if (!name.startsWith('xmlns') && name !== 'xsi:type') found.push(`${here}: attribute ${name}`);
  }
  for (const property of element.$descriptor?.properties || []) {
    if (property.isReference) continue;
    const value = element[property.name];
    for (const one of Array.isArray(value) ? value : [value]) unknownIn(one, here, found, seen);
  }
  for (const child of element.$children || []) unknownIn(child, here, found, seen);
  return found;
}

const read = {};
for (const file of process.argv.slice(2)) {
  const source = await readFile(file, 'utf8');
  const { rootElement, warnings } = await moddle.fromXML(source);
  const { xml } = await moddle.toXML(rootElement, { format: true });
  read[file] = {
    warnings: warnings.map((one) => one.message),
    unknown: unknownIn(rootElement, 'definitions', [], new Set()),
    xml,
  };
}
process.stdout.write(JSON.stringify(read));
