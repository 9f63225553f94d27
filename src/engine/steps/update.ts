import type { ApiError } from "../../cloudflare/error.ts";
import type { Create, Update } from "../model/change.ts";
import type { Edit, ResourceKind, Secrets } from "../model/kind.ts";
import { keyOf } from "../model/account-index.ts";
import { isAsWanted } from "../model/as-wanted.ts";
import { type ActualResource, type Spec, versionOf } from "../model/resource.ts";
import { overtaken } from "./overtaken.ts";
import { confirmed, failed, type StepResult } from "./result.ts";
import { containerOf } from "../model/container.ts";
import { writeAfterLook } from "./write.ts";
import { compareSecret, openSecrets, settled, whyOther, type Workplace } from "./workplace.ts";

/** The first half of a member of a cycle of renames: to its temporary name. */
export function moveAside(change: Update, kind: ResourceKind, workplace: Workplace): Promise<StepResult> {
  return send(change, change.before, asideEdit, kind, workplace);
}

/** All that an update sets, from the name that the plan says the resource bears by then. */
export function update(change: Update, kind: ResourceKind, workplace: Workplace): Promise<StepResult> {
  return send(
    change,
    { ...change.before, name: change.via ?? change.before.name },
    finalEdit,
    kind,
    workplace,
  );
}

/** The second half of a change that makes its resource the default: that attribute alone. */
export function promote(
  { kind: of, name, id, after, reason, source }: Create | Update,
  attribute: string,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const made = id ?? workplace.outputs.get(keyOf(of, name))?.["id"];
  if (typeof made !== "string") {
    throw new Error(`Internal error: ${of}/${name} was to be made before it is promoted`);
  }
  const before: ActualResource = { kind: of, name: after.name, id: made, spec: after.spec, facts: {} };
  const fields = [attribute];
  const change: Update = {
    action: "update",
    kind: of,
    name,
    id: made,
    before,
    after: { ...after, secrets: {} },
    fields,
    reason,
    source,
    via: null,
  };
  return send(change, before, finalEdit, kind, workplace);
}

/** Builds the body of one of the two PATCHes that an update may take. */
type EditOf = (change: Update, secrets: Secrets, spec: Spec) => Edit;

const asideEdit: EditOf = ({ via }) => ({ ...(via === null ? {} : { name: via }), spec: {}, secrets: {} });

const finalEdit: EditOf = ({ fields, after }, secrets, spec) => ({
  ...(fields.includes("name") ? { name: after.name } : {}),
  spec: Object.fromEntries(Object.entries(spec).filter(([attribute]) => fields.includes(attribute))),
  secrets,
});

/** Repeating a PATCH is harmless, but only on the resource that the plan means: so its name is read each time. */
function send(
  change: Update,
  expected: ActualResource,
  editOf: EditOf,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<StepResult> {
  const { id } = change;
  const version = versionOf(change.before);
  const container = containerOf(change.before, kind);
  const wanted = editOf(
    change,
    openSecrets(change.after.secrets, workplace),
    settled(change.after.spec, kind, workplace),
  );
  const judge = async (actual: ActualResource | null, unclear: ApiError | null) => {
    if (actual === null) {
      return failed(id, { code: "gone" });
    }
    if (unclear !== null && (await shows(actual, wanted, kind, workplace))) {
      const other = version === null ? null : overtaken(version, versionOf(actual));
      return other === null ? confirmed(id) : failed(id, other);
    }
    // Comparing a secret takes a request of its own, so the look before it is an old one.
    const isOld = unclear !== null && Object.keys(wanted.secrets).length > 0;
    const now = isOld ? await kind.read(workplace.client, id, container) : actual;
    if (now === null) {
      return failed(id, { code: "gone" });
    }
    const moved = whyOther(kind, now, expected);
    if (moved !== null) {
      return failed(id, moved);
    }
    const is = versionOf(now);
    if (version === null || is === null || version === is) {
      return null;
    }
    // An earlier try may have been what moved it.
    return failed(
      id,
      unclear === null
        ? { code: "overtaken", expected: version, found: is, written: false }
        : { code: "uncertain", error: unclear },
    );
  };
  const edit = version === null ? wanted : { ...wanted, version };
  const send = async () => {
    const other = await kind.update(workplace.client, id, edit, container);
    return other ? failed(id, other) : null;
  };
  return writeAfterLook({ id, container, judge, send }, kind, workplace);
}

/** Whether a resource already is what an edit was to make it. */
async function shows(
  actual: ActualResource,
  edit: Edit,
  kind: ResourceKind,
  workplace: Workplace,
): Promise<boolean> {
  if (edit.name !== undefined) {
    // One PATCH carries the whole edit, so the new name proves the rest of it.
    return actual.name === edit.name;
  }
  for (const attribute of Object.keys(edit.spec)) {
    if (!isAsWanted(kind, attribute, actual.spec, edit.spec)) {
      return false;
    }
  }
  for (const [attribute, value] of Object.entries(edit.secrets)) {
    const { verdict } = await compareSecret(kind, actual.id, attribute, value, workplace);
    if (verdict !== "same") {
      return false;
    }
  }
  return true;
}
