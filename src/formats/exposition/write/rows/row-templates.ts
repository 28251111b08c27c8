/** Which template a row's lines are made by: that of the family's labels, or that of the row's own shape. */
import { type FamilyView, type Row, readShape, shapeOf } from '../../../../core/store/index.ts';
import { reservedLabels } from '../lines/labels.ts';
import type { Template } from '../lines/line-template.ts';
import type { NameRules } from '../name-rules.ts';
import { type LabelSource, PlainValues } from './plain-values.ts';
import type { AnyTemplate, RowForm } from './row-form.ts';

/** Shapes with a template at most: rows of others have their lines kept. */
const mostShapes = 256;
const none = -1;

export class RowTemplates {
  private readonly family: FamilyView;
  private readonly form: RowForm;
  private readonly names: NameRules;
  private readonly reserved: ReadonlySet<string>;
  private readonly plain = new PlainValues();
  private readonly declared: Template | undefined;
  /** Of shapes, by where they are in the family's bytes. Holds until a row is taken or the bytes are replaced. */
  private readonly byPlace = new Map<number, Template | undefined>();
  private readonly byNames = new Map<string, Template | undefined>();
  private readonly forAnyValue = new WeakMap<Template, AnyTemplate>();
  private lastPlace = none;
  private lastTemplate: Template | undefined;
  private taken = -1;
  private bytes: Uint8Array | undefined;

  constructor(family: FamilyView, form: RowForm, names: NameRules) {
    this.names = names;
    this.reserved = new Set(reservedLabels(family.spec));
    this.family = family;
    this.form = form;
    this.declared = this.made(family.spec.labels);
  }

  /** Undefined where a label's name may have to be changed, a value is no string, or the row has changed hands. */
  of(family: FamilyView, row: Row, generation: number): Template | undefined {
    return family.labelsAt(row) >= 0 ? this.declared : this.ofShape(family, row, generation);
  }

  /** The row's values are known to be written as they are. */
  knows(family: FamilyView, row: Row): boolean {
    return this.plain.knows(family, row);
  }

  /** Whether the row's values are written as they are. Call it after `knows`. */
  fits(family: FamilyView, row: Row, generation: number, template: Template): boolean {
    return this.plain.look(family, row, generation, template.labels);
  }

  /** The template of the row's shape for values that are not plain. Undefined as for `of`. */
  forAny(family: FamilyView, row: Row, generation: number): AnyTemplate | undefined {
    const template = this.of(family, row, generation);
    if (template === undefined || isForAny(template)) return template;
    const known = this.forAnyValue.get(template);
    if (known !== undefined) return known;
    const { family: own, form, reserved, names } = this;
    const at = family.labelsAt(row);
    const { labelBytes } = family;
    const given = at >= 0 ? own.spec.labels : readShape(labelBytes, shapeOf(labelBytes, at)).names;
    const labels = given.map((name) => names.label(name, own.spec, reserved) ?? '');
    if (labels.length !== template.labels || !family.holds(row, generation)) return undefined;
    const made = form.anyTemplate(labels);
    this.forAnyValue.set(template, made);
    return made;
  }

  sourceOf(family: FamilyView): LabelSource {
    return this.plain.sourceOf(family);
  }

  private ofShape(family: FamilyView, row: Row, generation: number): Template | undefined {
    const { taken, labelBytes } = family;
    if (taken !== this.taken || labelBytes !== this.bytes) this.forget(taken, labelBytes);
    const slot = shapeOf(labelBytes, family.labelsAt(row));
    // Neighbours often have one shape.
    if (slot === this.lastPlace) return this.lastTemplate;
    if (!this.byPlace.has(slot) && !this.learn(family, row, generation, slot)) return undefined;
    this.lastPlace = slot;
    this.lastTemplate = this.byPlace.get(slot);
    return this.lastTemplate;
  }

  /** False when the row has changed hands. */
  private learn(family: FamilyView, row: Row, generation: number, slot: number): boolean {
    const { names, strings } = readShape(this.bytes as Uint8Array, slot);
    if (!family.holds(row, generation)) return false;
    this.byPlace.set(slot, strings.every((isString) => isString) ? this.ofNames(names) : undefined);
    return true;
  }

  private ofNames(names: readonly string[]): Template | undefined {
    const key = names.join('\0');
    if (this.byNames.has(key) || this.byNames.size >= mostShapes) return this.byNames.get(key);
    const template = this.made(names);
    this.byNames.set(key, template);
    return template;
  }

  private forget(taken: number, bytes: Uint8Array): void {
    this.taken = taken;
    this.bytes = bytes;
    this.byPlace.clear();
    this.lastPlace = none;
    if (this.byNames.size >= mostShapes) this.byNames.clear();
  }

  private made(names: readonly string[]): Template | undefined {
    const { family, form, reserved } = this;
    const { spec } = family;
    const labels = names.flatMap((name) => this.names.label(name, spec, reserved) ?? []);
    if (form.pieces === 0 || spec.scopeLabels === true || labels.length < names.length) return undefined;
    return form.template(labels);
  }
}

function isForAny(template: Template): template is AnyTemplate {
  return 'useAny' in template;
}
