// Answers on their way to the server: sent one after the other in the background, in their order, tried again
// until they are there. They are kept in the browser until then, so that closing the page loses nothing.
//
//   const outbox = new Outbox({ address, name, csrf, sent, refused, stuck, waiting });
//   outbox.add(id, { verdict: "approve" });
//
// `name` is what they are kept by. `sent(job, answer)` is told of each that has arrived, `refused(job, words)` of
// each that the server will never take, `stuck(words)` where none can be sent any more until one signs in again,
// `waiting(count)` how many wait to be tried again, 0 once all is well.

const FIRST_PAUSE = 500; // milliseconds, doubled with each failure
const LONGEST_PAUSE = 15000;
const AGAIN = [408, 425, 429];

export class Outbox {
  constructor(options) {
    Object.assign(this, options);
    this.memory = []; // where the browser keeps nothing
    this.sending = null;
    this.running = false;
    window.addEventListener("online", () => this.wake?.());
    window.addEventListener("beforeunload", (event) => this.jobs().length && event.preventDefault());
    if (this.jobs().length) this.run();
  }

  jobs() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return this.memory;
    }
  }

  keep(jobs) {
    this.memory = jobs;
    try {
      if (jobs.length) localStorage.setItem(this.name, JSON.stringify(jobs));
      else localStorage.removeItem(this.name);
    } catch {
      // the memory will do
    }
  }

  add(id, fields) {
    const key = globalThis.crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
    this.keep([...this.jobs(), { id, fields, key }]);
    this.run();
  }

  // Takes back what has not left yet; whether there was anything.
  drop(id) {
    const jobs = this.jobs();
    const rest = jobs.filter((job) => job.id !== id || job.key === this.sending);
    this.keep(rest);
    return rest.length < jobs.length;
  }

  has(id) {
    return this.jobs().some((job) => job.id === id);
  }

  ids() {
    return this.jobs().map((job) => job.id);
  }

  // One window sends at a time; the others' answers are in the same list.
  async run() {
    if (this.running) return;
    this.running = true;
    if (navigator.locks) await navigator.locks.request(this.name, () => this.work());
    else await this.work();
    this.running = false;
  }

  async work() {
    let pause = FIRST_PAUSE;
    for (let job = this.jobs()[0]; job; job = this.jobs()[0]) {
      const outcome = await this.send(job);
      if (outcome === "stuck") return;
      if (outcome === "again") {
        this.waiting(this.jobs().length);
        await this.rest(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        continue;
      }
      pause = FIRST_PAUSE;
      this.keep(this.jobs().filter((each) => each.key !== job.key));
      this.sending = null;
      this.waiting(0);
      if (outcome.words) this.refused(job, outcome.words);
      else this.sent(job, outcome);
    }
  }

  async send(job) {
    this.sending = job.key;
    const body = new URLSearchParams({ csrf: this.csrf, annotation: job.id, key: job.key, ...job.fields });
    try {
      const answer = await fetch(this.address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok) return await answer.json();
      if (answer.status >= 500 || AGAIN.includes(answer.status)) return "again";
      const problem = await answer.json().catch(() => ({}));
      if (answer.status === 401 || answer.status === 403) {
        this.stuck(problem.detail ?? "");
        return "stuck";
      }
      return { words: problem.errors?.[0]?.detail ?? problem.detail ?? String(answer.status) };
    } catch {
      return "again";
    }
  }

  rest(pause) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, pause);
      this.wake = done;
    });
  }
}
