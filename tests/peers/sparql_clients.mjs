// Two clients of the SPARQL Protocol ask the same of a server: fetch-sparql-endpoint, which Comunica
// is made with, and sparql-http-client. Writes what they found, as JSON.

import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";
import SparqlClient from "sparql-http-client";

const [endpoint, select, construct, wrong] = process.argv.slice(2);

async function collected(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}

function texts(rows) {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])));
}

function quads(found) {
  return found.map(({ subject, predicate, object }) => [subject.value, predicate.value, object.value, object.language ?? ""]).sort();
}

async function refusal(asking) {
  try {
    await asking();
    return "";
  } catch (error) {
    return String(error.status ?? error.message);
  }
}

async function fetcher(method) {
  const client = new SparqlEndpointFetcher({ method });
  return {
    select: texts(await collected(await client.fetchBindings(endpoint, select))),
    ask: await client.fetchAsk(endpoint, "ASK { ?s ?p ?o }"),
    construct: quads(await collected(await client.fetchTriples(endpoint, construct))),
    type: client.getQueryType(select),
    wrong: await refusal(async () => collected(await client.fetchBindings(endpoint, wrong))),
  };
}

async function client(operation) {
  const made = new SparqlClient({ endpointUrl: endpoint });
  const options = { operation };
  return {
    select: texts(await collected(made.query.select(select, options))),
    ask: await made.query.ask("ASK { ?s ?p ?o }", options),
    construct: quads(await collected(made.query.construct(construct, options))),
    wrong: await refusal(async () => collected(made.query.select(wrong, options))),
  };
}

console.log(JSON.stringify({
  "fetch-sparql-endpoint by POST": await fetcher("POST"),
  "fetch-sparql-endpoint by GET": await fetcher("GET"),
  "sparql-http-client by get": await client("get"),
  "sparql-http-client by postUrlencoded": await client("postUrlencoded"),
  "sparql-http-client by postDirect": await client("postDirect"),
}));
