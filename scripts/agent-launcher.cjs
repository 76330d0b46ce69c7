"use strict";
// Runs the parts of the bundled agent, with the compiled code that V8 has kept of them. They lie beside this file; in
// the single executable they are in it, and are read where they lie in memory.
const { readFileSync } = require("node:fs");
const { isSea, getRawAsset } = require("node:sea");
const { Script } = require("node:vm");

const chunks = {};
const modules = {};

const read = isSea()
  ? (name) => Buffer.from(getRawAsset(name))
  : (name) => readFileSync(`${__dirname}/${name}`);

function readPart(name) {
  // Without the folder: V8 keeps it with the compiled code, which is to be the same wherever it is made.
  const filename = `${name}.js`;
  let cachedData;
  try {
    cachedData = read(`${name}.cache`);
  } catch {
    // Compiling takes its place. V8 itself refuses what another version of it has made.
  }
  // All of it is ASCII.
  const script = new Script(read(filename).latin1Slice(), { filename, cachedData });
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
