// Builds ../static/dist: scripts and styles with hashed names, an icon sprite of the names in use, manifest.json
// (logical name -> file) and notices.txt, the licences of what is bundled. Run `npm ci --ignore-scripts` first.
import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "static", "dist");
const modules = path.join(here, "node_modules");
const CORE_LIMIT = 20 * 1024;

process.chdir(here);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { manifest: files, packages } = await bundles();
const manifest = { ...files, "icons.svg": icons() };
writeFileSync(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
writeFileSync(path.join(out, "notices.txt"), notices());
checkSize();

async function bundles() {
  const { metafile } = await esbuild.build({
    entryPoints: { core: "src/js/core.js", list: "src/js/list.js", app: "src/css/app.css", widgets: "src/css/widgets.css" },
    absWorkingDir: here, bundle: true, splitting: true, format: "esm", minify: true, metafile: true, legalComments: "none",
    sourcemap: process.argv.includes("--dev") ? "linked" : false,
    target: ["es2022", "chrome123", "safari17.5", "firefox120"],
    outdir: out, entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
    loader: { ".woff2": "file" }, logLevel: "warning",
  });
  const named = {};
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint) named[path.basename(output.entryPoint)] = path.basename(file);
    if (file.endsWith(".woff2")) named["inter.woff2"] = path.basename(file);
  }
  return { manifest: named, packages: packagesIn(Object.keys(metafile.inputs)) };
}

// What is bundled, whoever asked for it: the packages whose files went in, and the one the icons come from.
function packagesIn(inputs) {
  const found = inputs.map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  return [...new Set([...found, "@tabler/icons"])].sort();
}

function icons() {
  const names = readFileSync("src/icons.txt", "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(path.join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const shape = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shape.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  const file = `icons-${createHash("sha256").update(sprite).digest("hex").slice(0, 8)}.svg`;
  writeFileSync(path.join(out, file), sprite);
  return file;
}

function notices() {
  return packages.map((name) => {
    const folder = path.join(modules, name);
    if (!existsSync(folder)) throw new Error(`${name} is not installed: run npm ci --ignore-scripts`);
    const about = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const licence = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
    const text = licence ? readFileSync(path.join(folder, licence), "utf8") : `Licence: ${about.license}`;
    return `${name} ${about.version}\n${"=".repeat(40)}\n${text.trim()}\n`;
  }).join("\n\n");
}

function checkSize() {
  const size = gzipSync(readFileSync(path.join(out, manifest["core.js"]))).length;
  const chunks = readFileSync(path.join(out, manifest["core.js"]), "utf8").matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g);
  const total = [...chunks].reduce((sum, [, file]) => sum + gzipSync(readFileSync(path.join(out, file))).length, size);
  if (total > CORE_LIMIT) throw new Error(`core.js is ${total} bytes compressed; the limit is ${CORE_LIMIT}`);
  console.log(`front end built: core.js ${(total / 1024).toFixed(1)} KB compressed`);
}
