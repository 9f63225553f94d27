import { createHash } from "node:crypto";

/** The page's one style sheet: system fonts, both colour schemes, any width, paper. It loads nothing. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f8fa;--card:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--edge:#afb8c1;
--good:#1a7f37;--warn:#9a6700;--bad:#cf222e;--new:#8250df;--link:#0969da;--good-bg:#dafbe1;--warn-bg:#fff8c5;--bad-bg:#ffebe9;--new-bg:#fbefff;--idle-bg:#eaeef2}
@media screen and (prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#161b22;--ink:#e6edf3;--soft:#9198a1;--line:#30363d;--edge:#4d5560;
--good:#3fb950;--warn:#d29922;--bad:#f85149;--new:#bc8cff;--link:#58a6ff;--good-bg:#12261e;--warn-bg:#272115;--bad-bg:#2d1a1e;--new-bg:#221c33;--idle-bg:#21262d}}
*{box-sizing:border-box}
body{margin:0;overflow-wrap:anywhere;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,header,footer{max-width:1200px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
h1{font-size:26px;line-height:1.25;margin:0;letter-spacing:-.01em}
h2{font-size:19px;margin:36px 0 12px}
h3{font-size:15px;margin:20px 0 8px}
p{margin:6px 0}
ul{list-style:none;margin:0;padding:0}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
.sub,.quiet,.place,.why,.small,footer{color:var(--soft)}
.name,code,del,ins,dt,small{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:13px;overflow-wrap:anywhere}
.made{display:inline-block;margin-right:14px}
.tallies{display:flex;flex-wrap:wrap;gap:8px;margin:10px 0 0;align-items:center}
.sub+.tallies{margin-top:18px}
.tallies .lead{color:var(--soft);font-size:13px;min-width:88px}
.tally{background:var(--idle-bg);border-radius:999px;padding:4px 14px;font-size:14px}
.badge{display:inline-block;border-radius:999px;padding:1px 10px;font-size:13px;background:var(--idle-bg);white-space:nowrap}
.healthy,.create{--tone:var(--good);--tone-bg:var(--good-bg)}
.degraded,.update,.unknown{--tone:var(--warn);--tone-bg:var(--warn-bg)}
.down,.delete,.blocked,.absent{--tone:var(--bad);--tone-bg:var(--bad-bg)}
.replace{--tone:var(--new);--tone-bg:var(--new-bg)}
.never_connected{--tone:var(--soft);--tone-bg:var(--idle-bg)}
.tally,.badge{color:var(--tone);background:var(--tone-bg)}
.late{color:var(--warn)}
.good{color:var(--good)}.bad{color:var(--bad)}
small{color:var(--soft);font-size:12px;font-weight:400}
.count{color:var(--soft);font-weight:400}
table{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
th,td{text-align:left;padding:10px 14px;vertical-align:top;border-top:1px solid var(--line);font-size:14px}
td.time{min-width:196px}
td:nth-child(4){min-width:126px}
td.lead.name{min-width:140px}
td.time,td.void{color:var(--soft)}
td:last-child{width:26%}
thead th{white-space:nowrap;border-top:0;color:var(--soft);font-weight:600;font-size:13px}
.cards{columns:340px;column-gap:16px}
.card{margin:0 0 16px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;break-inside:avoid}
svg{display:block;width:100%;height:auto;max-width:400px;margin:0 auto;overflow:visible}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;color:var(--soft);font-size:13px;margin:0 0 12px}
.key{display:inline-flex;align-items:center;gap:7px}
.key svg{width:auto;margin:0}
svg text{fill:var(--ink);font-size:12px}
svg .small{fill:var(--soft);font-size:11px;font-family:inherit}
svg .title{font:600 14px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
svg .name{font-size:12px}
svg .end{text-anchor:end}
svg .middle{text-anchor:middle}
svg .mark{fill:var(--tone);font-size:11px;font-weight:600}
.edge{fill:none;stroke:var(--edge);stroke-width:1.3}
.none{stroke-dasharray:4 4}
.host{fill:var(--link)}
.route{fill:var(--new)}
.tunnel{fill:var(--tone-bg);stroke:var(--tone);stroke-width:1.2}
.dot{fill:var(--tone)}
.box{fill:var(--card);stroke:var(--edge)}
.box.late{fill:var(--warn-bg);stroke:var(--warn)}
.centre{fill:var(--idle-bg);stroke:none}
.changes{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.change{padding:10px 14px;border-top:1px solid var(--line);border-left:4px solid var(--tone);break-inside:avoid}
.change:first-child{border-top:0}
.head{display:flex;flex-wrap:wrap;gap:0 10px;margin:0}
.sign{color:var(--tone);font-weight:700;font-family:ui-monospace,Menlo,Consolas,"Liberation Mono",monospace}
.place{margin-left:auto;font-size:13px}
.why{font-size:14px;margin:4px 0 0}
.why.bad{color:var(--bad)}
dl{margin:6px 0 0}
dl div{align-items:baseline;display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:12px;padding:1px 0}
dt{color:var(--soft)}
dd{margin:0;min-width:0;line-height:1.6}
ins{text-decoration:none}
del{color:var(--soft)}
.lines{display:block}
.line{display:block;white-space:pre-wrap;border-radius:3px;padding:0 6px}
.line.create,.line.delete{background:var(--tone-bg)}
.brief{margin:4px 0 0;columns:300px}
.head .badge{margin-right:2px}
.notes,.names{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:8px 14px}
.names{columns:260px;font-size:13px}
footer{padding-top:36px;padding-bottom:36px;font-size:13px}
@media screen and (max-width:760px){main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:20px}h1{font-size:21px}
.place{margin-left:0;width:100%}dl div{grid-template-columns:1fr;gap:0}}
@media screen and (max-width:1240px){thead{display:none}tr{display:block;padding:12px 14px;border-top:1px solid var(--line)}tr:first-child{border-top:0}
td,td:last-child{width:auto}td.time,td:nth-child(4),td.lead.name{min-width:0}td{display:grid;grid-template-columns:104px 1fr;gap:10px;padding:2px 0;border:0}td::before{content:attr(data-label);color:var(--soft);font:13px/1.6 system-ui,sans-serif}
td.lead{display:inline-block;padding:0 8px 4px 0;white-space:normal}td.void,td.lead::before{display:none}}
@media print{:root{color-scheme:light;--bg:#fff}body{font-size:11px}th,td,.tally,.badge,small,.why,.name,code,del,ins,dt,.place{font-size:10px}th,td{padding:5px 8px}td.time,td.lead.name,td:nth-child(4){min-width:84px}td:last-child{width:32%}.legend{break-after:avoid}main,header,footer{max-width:none;padding:0}.cards{columns:2}h2,h3{break-after:avoid}tr{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** What the page may do: be styled by that very sheet, and nothing else. */
export const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;
