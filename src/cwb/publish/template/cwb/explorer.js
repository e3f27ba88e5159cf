// The explorer: a finding is chosen, its rows are put together from the page's data, filtered, grouped and added up.
// Texts of files become text nodes or escaped strings, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const PARTS = ["Not counted", "Counted", "Not known", "Not counted, if of the base", "Counted, if of the base", "Not known, if of the base"];
const [OUT, IN, UNKNOWN] = [0, 1, 2];
const NOT_SHOWN = "Payees not shown";
const findings = new Map(data.packs.flatMap((pack) => pack.findings.map((one) => [one.id, one])));
const pounds = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
const plain = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 });
const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
// A spreadsheet takes a cell that begins so for a formula.
const neutral = (text) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

let finding, lines, columns, grid;

// --- the rows of a finding -------------------------------------------------------------------------------------------

function linesOf(one) {
  const table = data.tables[one.table], array = (n) => (n === undefined ? null : data.arrays[n]);
  const named = (name) => table.columns.find((column) => column.name === name);
  const [things, groups, amounts, legs] = [one.things, one.groups, one.amounts, one.legs].map(array);
  const thing = one.thing && named(one.thing), amount = one.amount && named(one.amount);
  const order = new Map(), found = [], runs = array(one.rows);
  for (let run = 0; run < runs.length; run += 2) {
    for (let row = runs[run]; row < runs[run] + runs[run + 1]; row++) {
      const n = found.length, group = groups ? groups[n] : -1;
      const code = thing ? thing.codes[row] : things ? things[n] : n;
      const id = groups ? `${code}|${group}` : code;
      if (!order.has(id)) order.set(id, order.size);
      found.push({
        row, id, group, thing: code, part: Number(one.parts[order.get(id)]), leg: legs ? legs[n] : 1,
        amount: amount ? (amount.numbers[row] ?? 0) / 100 : amounts ? amounts[n] : 1,
      });
    }
  }
  for (const pool of one.pools ?? []) {
    for (const leg of one.legs === undefined ? [1] : [1, 2]) {
      const [count, sum] = leg === 1 ? [pool.things, pool.amount] : [pool.then, pool.amount_then];
      if (count !== 0 || sum) {
        const group = one.group_labels ? one.group_labels.indexOf(pool.group) : -1;
        found.push({ pool: true, id: NOT_SHOWN, group, part: pool.part, leg, amount: isCounted(one) ? 0 : sum, count });
      }
    }
  }
  return found;
}

const isCounted = (one) => one.amount === undefined && one.amounts === undefined;
const isPounds = (one) => one.amount !== undefined || one.unit === "gbp";
const worded = (value, one) =>
  isCounted(one) ? `${plain.format(value)} ${one.plural}`
    : isPounds(one) ? pounds.format(value)
      : one.kind === "modelled" ? `${plain.format(value)} kgCO2e` : plain.format(value);

// The columns of the table that has the finding's rows, with what the finding itself says of a row.
function columnsOf(one) {
  const table = data.tables[one.table], all = [];
  const add = (label, text, key, more = {}) => all.push({ label, text, key, ...more });
  add("Counted?", (line) => PARTS[line.part], (line) => line.part, { group: true });
  if (one.legs !== undefined)
    add("Period", (line) => ["", "Now", "Then", "Both"][line.leg], (line) => line.leg, { group: true });
  const first = one.plural[0].toUpperCase() + one.plural.slice(1);
  if (one.things !== undefined)
    add(first, (line) => one.labels[line.thing] ?? NOT_SHOWN, (line) => line.thing ?? -1, { group: true });
  if (one.groups !== undefined)
    add("Group", (line) => one.group_labels[line.group] ?? "", (line) => line.group, { group: true });
  const isNamed = table.columns.some((column) => column.name === "display_name");
  for (const column of table.columns) {
    if (column.codes) {
      const hidden = column.name === "display_name" || (!isNamed && column === table.columns[0]) ? NOT_SHOWN : "";
      const code = (line) => (line.pool ? -1 : column.codes[line.row]);
      const text = (line) => (line.pool ? hidden : (column.values[column.codes[line.row]] ?? ""));
      add(column.label, text, code, { group: column.group });
      if (column.kind === "day") {
        const month = (line) => text(line).replace(/^\d+ /, "");
        add(`${column.label}, month`, month, code, { group: true, isOnlyGroup: true });
      }
    } else {
      const scale = column.kind === "gbp" ? 100 : 1, isAmount = column.name === one.amount;
      const value = (line) => (line.pool ? (isAmount ? line.amount : null) : column.numbers[line.row]);
      const number = (line) => (value(line) === null ? null : line.pool ? value(line) : value(line) / scale);
      const format = column.kind === "gbp" ? pounds : { format: String };
      add(column.label, (line) => (number(line) === null ? "" : format.format(number(line))), number, { number: true, isAmount });
    }
  }
  if (one.amounts !== undefined)
    add(one.kind === "modelled" ? "kgCO2e" : "Amount", (line) => (isPounds(one) ? pounds : plain).format(line.amount), (line) => line.amount, { number: true, isAmount: true });
  return all.filter((column) => lines.some((line) => column.text(line) !== ""));
}

// --- adding up -------------------------------------------------------------------------------------------------------

// What some rows come to: by part the sum, or how many things there are, now and then; `few` where under five are not counted.
function tally(one, some) {
  const sums = [0, 1, 2].map(() => ({ now: 0, then: 0 })), seen = new Set();
  let few = false;
  for (const line of some) {
    const of = sums[line.part];
    if (!of) continue;
    for (const [bit, leg] of [[1, "now"], [2, "then"]]) {
      if (!(line.leg & bit)) continue;
      if (!isCounted(one)) of[leg] += line.amount;
      else if (line.pool) line.count === null ? (few = true) : (of[leg] += line.count);
      else if (!seen.has(`${line.id} ${leg}`)) {
        seen.add(`${line.id} ${leg}`);
        of[leg] += 1;
      }
    }
  }
  const all = (leg) => sums[OUT][leg] + sums[IN][leg] + sums[UNKNOWN][leg];
  return { sums, few, all };
}

// The finding's value over some rows by the rule of its kind; undefined for kinds whose rule stands in words only.
function valueOf(one, some) {
  const { sums, all } = tally(one, some), counted = sums[IN];
  switch (one.kind) {
    case "total": case "count": return counted.now;
    case "share": case "survival": case "top": return all("now") > 0 ? counted.now / all("now") : undefined;
    case "modelled": return one.share ? counted.now / (counted.now + sums[OUT].now) : counted.now;
    case "change":
      return one.share ? counted.now / all("now") - counted.then / all("then") : counted.now - counted.then;
    case "largest": {
      const groups = Map.groupBy ? Map.groupBy(some, (line) => line.group) : grouped(some, (line) => line.group);
      const largest = Math.max(...[...groups].filter(([group]) => group >= 0).map(([, its]) => tally(one, its).sums[IN].now));
      return one.share ? largest / all("now") : largest;
    }
    default: return undefined;
  }
}

function grouped(some, key) {
  const groups = new Map();
  for (const line of some) groups.has(key(line)) ? groups.get(key(line)).push(line) : groups.set(key(line), [line]);
  return groups;
}

function totalText(one, some) {
  const { sums, few, all } = tally(one, some), value = valueOf(one, some);
  const rows = some.filter((line) => !line.pool).length;
  const parts = [`${plain.format(rows)} ${rows === 1 ? "row" : "rows"}`];
  const bare = (sum) => (isCounted(one) ? plain.format(sum) : worded(sum, one)), counted = bare(sums[IN].now);
  if (one.kind === "change") {
    parts.push(`counted now ${counted}, then ${bare(sums[IN].then)}`);
    if (one.share) parts.push(`of ${worded(all("now"), one)} now and ${worded(all("then"), one)} then`);
  } else {
    parts.push(`counted ${counted} of ${worded(all("now"), one)}`);
    if (one.share && value !== undefined) parts.push(`that is ${percent.format(value)}`);
    if (sums[UNKNOWN].now) parts.push(`not known ${bare(sums[UNKNOWN].now)}`);
  }
  return `${parts.join("; ")}.${few ? ` Besides, fewer than 5 ${one.plural} that are not shown.` : ""}`;
}

// --- what is on the page ---------------------------------------------------------------------------------------------

function options(select, labels, chosen = "") {
  select.replaceChildren(...labels.map(([value, label]) => new Option(label, value, false, value === chosen)));
}

function describe(one) {
  at("about-heading").textContent = one.label;
  at("value").replaceChildren(element("b", one.shown), one.bounds ? ` (${one.bounds})` : "", `, ${one.period}`);
  const says = [];
  const stated = { stated: "Without rows", at_least: "At least", fewer_than_5: "Not told", withheld: "Not told" };
  if (one.why) says.push(`${stated[one.state] ?? "Not known"}, because ${one.why}.`);
  if (one.settles) says.push(one.settles);
  if (one.by_thing) says.push(`It rests on very many lines: there is one row for each of its ${one.plural}, and cwb rows gives the lines.`);
  if (one.too_many) says.push(`It rests on more ${one.too_many} than a page can hold: cwb rows gives them.`);
  says.push(...(one.caveats ?? []).map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)));
  at("said").textContent = says.map((text) => text[0].toUpperCase() + text.slice(1)).join(" ");
  const terms = { "What it is": one.text, "Left out": one.excluded, "How it follows from the rows": one.rule, "Id": one.id };
  at("definition").replaceChildren(
    ...Object.entries(terms).filter(([, text]) => text).flatMap(([name, text]) => [element("dt", name), element("dd", text)]),
  );
}

function choose(id) {
  const known = findings.has(id);
  finding = known ? findings.get(id) : findings.values().next().value;
  at("finding").value = finding.id;
  describe(finding);
  if (!known && id) at("said").prepend(`No number is called ${id}; this is the first. `);
  at("table").hidden = finding.rows === undefined;
  if (finding.rows === undefined) {
    if (!finding.too_many) at("said").append(" It has no rows.");
    return;
  }
  lines = linesOf(finding);
  columns = columnsOf(finding);
  const groups = columns.map((column, n) => [String(n), column]).filter(([, column]) => column.group);
  const named = groups.map(([n, column]) => [n, column.label]);
  options(at("group"), [["", "No grouping"], ...named]);
  options(at("column"), [["", "Any row"], ...named]);
  const parts = [...new Set(lines.map((line) => line.part))].sort();
  options(at("part"), [["", "Counted or not"], ...parts.map((part) => [String(part), PARTS[part]])]);
  chooseColumn();
}

function chooseColumn(wanted = "") {
  const column = columns[at("column").value];
  const texts = column ? new Map([...lines].sort((a, b) => column.key(a) - column.key(b)).map((line) => [column.text(line), true])) : new Map();
  options(at("wanted"), [["", column ? "Any" : "Choose what first"], ...[...texts.keys()].map((text) => [`=${text}`, text || "Not stated"])], wanted);
  at("wanted").disabled = !column;
  show();
}

function filtered() {
  const part = at("part").value, column = columns[at("column").value], wanted = at("wanted").value;
  return lines.filter(
    (line) => (!part || line.part === Number(part)) && (!column || !wanted || `=${column.text(line)}` === wanted),
  );
}

function show() {
  const some = filtered(), by = columns[at("group").value];
  at("total").textContent = totalText(finding, some);
  if (by) showGroups(some, by);
  else showRows(some);
}

const cell = (text, key, isNumber) => (line, type) => {
  if (type === "sort" || type === "type") return key(line) ?? -Infinity;
  if (type === "export") return isNumber ? String(key(line) ?? "") : neutral(text(line));
  return type === "display" ? escaped(text(line)) : text(line);
};

function showRows(some) {
  const shown = columns.filter((column) => !column.isOnlyGroup);
  // The largest first, as a member looks for them; without an amount as the files have them.
  const largest = shown.findIndex((column) => column.isAmount);
  draw(some, shown.map((column) => ({ title: column.label, render: cell(column.text, column.key, column.number), className: column.number ? "num" : "" })), largest < 0 ? [] : [[largest, "desc"]]);
}

function showGroups(some, by) {
  const groups = [...grouped(some, by.text)].map(([text, its]) => ({ text, its, key: Math.min(...its.map(by.key)), ...tally(finding, its) }));
  const amount = (label, number) => ({
    title: label, className: "num",
    render: cell((group) => (isCounted(finding) ? plain : isPounds(finding) ? pounds : plain).format(number(group)), number, true),
  });
  const has = (part) => some.some((line) => line.part === part), isChange = finding.legs !== undefined;
  const shown = [
    { title: by.label, render: cell((group) => group.text || "Not stated", (group) => group.key), createdCell: (td, _, group) => td.replaceChildren(opener(group, by)) },
    { title: "Rows", className: "num", render: cell((g) => plain.format(rowsOf(g)), rowsOf, true) },
    amount(isChange ? "Counted now" : "Counted", (group) => group.sums[IN].now),
  ];
  if (isChange) shown.push(amount("Counted then", (group) => group.sums[IN].then));
  for (const part of [OUT, UNKNOWN]) if (has(part)) shown.push(amount(PARTS[part] + (isChange ? " now" : ""), (group) => group.sums[part].now));
  draw(groups, shown, [[2, "desc"]]);
}

const rowsOf = (group) => group.its.filter((line) => !line.pool).length;

// The name of a group is a button that shows its rows.
function opener(group, by) {
  const button = element("button", group.text || "Not stated");
  button.type = "button";
  button.addEventListener("click", () => {
    at("column").value = String(columns.indexOf(by));
    at("group").value = "";
    chooseColumn(`=${group.text}`);
    at("column").focus();
  });
  return button;
}

function draw(rows, shown, order) {
  grid?.destroy(true);
  const table = document.createElement("table");
  at("grid").replaceChildren(table);
  const name = `${finding.id}-${document.body.dataset.period}`;
  const exportOptions = { orthogonal: "export", stripHtml: false, decodeEntities: false, stripNewlines: false, trim: false };
  grid = new DataTable(table, {
    data: rows, columns: shown.map((column) => ({ data: null, type: "num", ...column })), order, autoWidth: false, pageLength: 25,
    caption: `Rows of: ${finding.label}`,
    layout: {
      topStart: { buttons: [
        { extend: "copyHtml5", text: "Copy", title: null, exportOptions },
        { extend: "csvHtml5", text: "Download as CSV", filename: name, bom: true, newline: "\r\n", exportOptions },
      ] },
      topEnd: "search", bottomStart: "info", bottomEnd: "paging",
    },
    language: { search: "Search these rows", info: "_START_ to _END_ of _TOTAL_", infoEmpty: "None", infoFiltered: "(of _MAX_)", zeroRecords: "No row has this.", emptyTable: "No rows." },
  });
  const box = table.closest(".dt-layout-cell") ?? table.parentElement;
  box.classList.add("scroll");
  Object.assign(box, { tabIndex: 0, role: "region", ariaLabel: `Table: ${finding.label}` });
  grid.on("draw", () => {
    const left = grid.rows({ search: "applied" }).data().toArray();
    at("total").textContent = totalText(finding, left.flatMap((row) => row.its ?? [row]));
  });
}

for (const pack of data.packs) {
  const group = Object.assign(document.createElement("optgroup"), { label: pack.question });
  group.append(...pack.findings.map((one) => new Option(`${one.label}: ${one.shown}`, one.id)));
  at("finding").append(group);
}
const asked = () => decodeURIComponent(location.hash.slice(1));
at("finding").addEventListener("change", () => (location.hash = at("finding").value));
window.addEventListener("hashchange", () => findings.has(asked()) && choose(asked()));
at("column").addEventListener("change", () => chooseColumn());
for (const id of ["group", "part", "wanted"]) at(id).addEventListener("change", show);
at("explorer").hidden = false;
choose(asked());
