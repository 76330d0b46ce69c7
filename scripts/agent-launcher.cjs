"use strict";
// Runs the parts of the bundled agent that lie beside this file, with the compiled code that V8 has kept of them.
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

const chunks = {};
const modules = {};

function readPart(name) {
  const filename = `${__dirname}/${name}.js`;
  let cachedData;
  try {
    cachedData = readFileSync(`${__dirname}/${name}.cache`);
  } catch {
    // Compiling takes its place. V8 itself refuses what another version of it has made.
  }
  // All of it is ASCII.
  const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData });
  Object.assign(chunks, script.runInThisContext());
}

function load(name) {
  if (!name.startsWith("./")) return require(name);
  const known = modules[name];
  if (known) return known.exports;
  if (!chunks[name]) readPart("rest");
  const module = { exports: {} };
  modules[name] = module;
  chunks[name](module.exports, load, module);
  return module.exports;
}

readPart("always");
load("./update-route53.js");
