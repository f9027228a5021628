// Long tables can be sorted and filtered. Without this script every row stands in its printed order.
(() => {
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const key = (text) => {
    const day = text.match(/^(?:(\d{1,2}) )?([A-Z][a-z]+) (\d{4})\b/);
    if (day && MONTHS.includes(day[2])) return day[3] * 10000 + MONTHS.indexOf(day[2]) * 100 + Number(day[1] || 0);
    const number = text.match(/^-?\d[\d,]*(\.\d+)?/);
    return number ? Number(number[0].replace(/,/g, "")) : NaN;
  };
  const missing = (text) => text === "[x]" || text === "[z]";
  const compare = (one, other) => {
    if (missing(one) || missing(other)) return NaN;
    const [a, b] = [key(one), key(other)];
    return (Number.isNaN(a) || Number.isNaN(b) ? 0 : a - b) || one.localeCompare(other, "en", { numeric: true });
  };
  const tools = (table) => {
    const body = table.tBodies[0], printed = [...body.rows], heads = [...table.tHead.rows[0].cells];
    const cell = (row, at) => row.cells[at].textContent.trim();
    const sort = (head, at) => {
      const next = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
      const order = next === undefined ? "ascending" : next;
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      if (order) head.setAttribute("aria-sort", order);
      const sign = order === "descending" ? -1 : 1;
      const sorted = order ? [...printed].sort((a, b) => {
        const difference = compare(cell(a, at), cell(b, at));
        return Number.isNaN(difference) ? missing(cell(a, at)) - missing(cell(b, at)) : sign * difference;
      }) : printed;
      body.append(...sorted);
    };
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(head, at));
      head.replaceChildren(button);
    });
    const line = document.createElement("p"), label = document.createElement("label");
    const field = document.createElement("input"), said = document.createElement("span");
    line.className = "tools";
    field.type = "search";
    said.setAttribute("role", "status");
    label.append(`Filter “${table.caption.textContent}” `, field);
    line.append(label, " ", said);
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      printed.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
      said.textContent = `${printed.filter((row) => !row.hidden).length} of ${printed.length} rows shown`;
    });
    (table.closest(".scroll") || table).before(line);
  };
  document.querySelectorAll("table[data-tools]").forEach(tools);
})();
