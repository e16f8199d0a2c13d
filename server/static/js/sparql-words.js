// What may stand where the cursor is in a query: variables, prefixes, classes and properties that are in
// the data, and terms of vocabularies by a word of theirs. All of it is asked of our own server.

const MOST = 60;
const NAME = /[^\s{}()[\];,"'^|/*+!=&>]*$/;

export class Words {
  constructor({ words, terms, lang }) {
    this.address = words;
    this.terms = terms;
    this.lang = lang;
    this.kept = null;
  }

  async load() {
    const answer = await fetch(this.address, { headers: { Accept: "application/json" } });
    const { prefixes, classes, properties } = await answer.json();
    this.prefixes = prefixes;
    const named = (list, kind) => list.map(([iri, label]) => ({ iri, label, kind, short: this.short(iri) }));
    this.all = [...named(properties, "property"), ...named(classes, "class")];
  }

  // `dc:subject`, or the whole address where no prefix of ours fits.
  short(iri) {
    const [prefix, base] = Object.entries(this.prefixes).find(([, base]) => iri.startsWith(base) && /^[\w-]+$/.test(iri.slice(base.length))) ?? [];
    return prefix ? `${prefix}:${iri.slice(base.length)}` : `<${iri}>`;
  }

  // What fits before the cursor: { from, list } with list of { text, label, note }.
  async find(before, whole, asked) {
    await (this.kept ??= this.load());
    if (!this.all.length) this.kept = null; // the server was still looking
    const quoted = before.match(/"([^"]{2,})$/);
    if (quoted) return { from: quoted.index, list: asked ? await this.named(quoted[1]) : [] };
    const typed = before.match(/[?$]\w*$|<[^<>\s]*$/) ?? before.match(NAME);
    const word = typed[0];
    return { from: typed.index, list: (await this.fitting(word, before.slice(0, typed.index), whole, asked)).slice(0, MOST) };
  }

  async fitting(word, before, whole, asked) {
    if (/^[?$]/.test(word)) return variables(whole, word);
    if (word.includes(":") || word.startsWith("<")) return this.beginning(word, before);
    if (!asked) return [];
    const lower = word.toLowerCase();
    const prefixes = Object.keys(this.prefixes).filter((prefix) => prefix.startsWith(lower)).map((prefix) => ({ text: `${prefix}:`, label: this.prefixes[prefix] }));
    const ours = this.ordered(before).filter(({ short, label }) => `${short} ${label}`.toLowerCase().includes(lower)).map(told);
    if (word.length < 2) return [...ours, ...prefixes];
    return [...prefixes, ...ours.slice(0, 20), ...(await this.named(word))];
  }

  beginning(word, before) {
    const [prefix, rest] = word.startsWith("<") ? ["", word] : word.split(":", 2);
    const lower = (rest ?? "").toLowerCase();
    const starts = ({ short }) => short.toLowerCase().startsWith(word.toLowerCase());
    const inside = ({ short, label, iri }) => (prefix ? short.startsWith(`${prefix}:`) && `${short.slice(prefix.length + 1)} ${label}` : iri).toString().toLowerCase().includes(lower.replace("<", ""));
    const all = this.ordered(before);
    return [...all.filter(starts), ...all.filter((each) => !starts(each) && inside(each))].map((each) => told(each, word.startsWith("<")));
  }

  // After `a` stand classes, elsewhere rather properties.
  ordered(before) {
    const first = /(^|[\s;])(a|rdf:type)\s+$/.test(before) ? "class" : "property";
    return [...this.all.filter(({ kind }) => kind === first), ...this.all.filter(({ kind }) => kind !== first)];
  }

  async named(text) {
    const answer = await fetch(`${this.terms}?${new URLSearchParams({ q: text, limit: 12, lang: this.lang })}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    return (await answer.json()).map(({ iri, label, vocabulary, breadcrumb }) => ({ text: `<${iri}>`, label, note: [vocabulary, ...breadcrumb.slice(-1)].join(" · ") }));
  }
}

function told({ short, iri, label }, whole = false) {
  return { text: whole ? `<${iri}>` : short, label };
}

function variables(query, word) {
  const found = new Set(query.match(/[?$]\w+/g) ?? []);
  return [...found].filter((name) => name.startsWith(word) && name !== word).sort().map((text) => ({ text, label: "" }));
}
