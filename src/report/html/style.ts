/** The look of an HTML report: readable on a phone, on a desktop, in the dark and on paper. */
export const STYLE = `
:root{--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--paper:#fff;--shade:#f6f8fa;--link:#0b5cad;--mark:#fff4d6;--shadow:0 1px 3px #1b1f2426}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa6b2;--line:#30363d;--paper:#0d1117;--shade:#161b22;--link:#6cb6ff;--mark:#3a2f10;--shadow:none}}
*{box-sizing:border-box}
html{scroll-padding-top:3.2rem;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);background:var(--paper);font:16px/1.6 system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}
nav{position:sticky;top:0;z-index:1;display:flex;gap:.25rem 1.1rem;overflow-x:auto;padding:.6rem max(1rem,calc(50vw - 34rem));background:var(--paper);border-bottom:1px solid var(--line);font-size:.875rem;white-space:nowrap;scrollbar-width:thin}
nav a{color:var(--soft);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--link);text-decoration:underline}
main{max-width:70rem;margin:0 auto;padding:1.25rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.6rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p,li{max-width:48rem;overflow-wrap:anywhere}
a{color:var(--link)}
:lang(zh) em{font-style:normal}
.table{overflow-x:auto;margin:1rem 0;border:1px solid var(--line);border-radius:6px;max-width:max-content}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
td:last-child:not(.n){white-space:normal;min-width:12rem}
td code{white-space:normal}
th{background:var(--shade);font-weight:600}
th.n,td.n{text-align:right}
tbody tr:hover td{background:var(--shade)}
td strong{background:var(--mark);border-radius:3px;padding:0 .2em}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th button::after{content:' \\2195';color:var(--soft);opacity:.45}
th[aria-sort=ascending] button::after{content:' \\2191';opacity:1}
th[aria-sort=descending] button::after{content:' \\2193';opacity:1}
input[type=search]{display:block;margin:1rem 0 -.5rem;padding:.35rem .6rem;width:min(20rem,100%);font:inherit;font-size:.875rem;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:6px}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Noto Sans Mono',monospace;font-size:.8125rem}
pre{overflow-x:auto;padding:.75rem 1rem;background:var(--shade);border:1px solid var(--line);border-radius:6px;line-height:1.5}
figure{margin:1.25rem 0 .25rem;padding:.5rem;max-width:max-content;overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:6px;box-shadow:var(--shadow)}
figure svg{display:block;max-width:100%;min-width:min(34rem,150vw);height:auto}
figure+p{color:var(--soft);font-size:.875rem;margin-top:.25rem}
figure{position:relative}
.pane{fill:none;pointer-events:all;cursor:crosshair}
.ruler{stroke:#6b7280;stroke-width:1;pointer-events:none}
.frame{fill:#6b7280;fill-opacity:.15;stroke:#6b7280;pointer-events:none}
.series{cursor:pointer}
.series *{pointer-events:all}
.series[aria-pressed=false]{opacity:.35}
.series:focus-visible{outline:2px solid var(--link)}
.tools{display:flex;gap:.5rem;position:sticky;left:0;width:max-content;padding:.25rem}
.tools button,.bar button{font:inherit;font-size:.8125rem;padding:.15rem .6rem;color:var(--ink);background:var(--shade);border:1px solid var(--line);border-radius:6px;cursor:pointer}
figure.settings .tools button{color:#1b1f24;background:#f6f8fa;border-color:#d8dee4}
.tools button:focus-visible,.bar button:focus-visible,.room:focus-visible{outline:2px solid var(--link);outline-offset:-2px}
.tools button[hidden],dialog .enlarge{display:none}
html:has(dialog[open]){overflow:hidden}
dialog{width:100vw;height:100vh;height:100dvh;max-width:none;max-height:none;padding:0;border:0;color:var(--ink);background:var(--paper)}
dialog[open]{display:flex;flex-direction:column}
.bar{display:flex;gap:.5rem;align-items:center;padding:.5rem .75rem;border-bottom:1px solid var(--line)}
.bar span{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:600}
.bar button{font-size:1.125rem;min-width:2.75rem;min-height:2.75rem}
.bar button:disabled{opacity:.4;cursor:default}
.room{flex:1;min-height:0;overflow:auto;touch-action:pan-x pan-y}
.room figure{margin:0 auto;width:max-content;max-width:none;overflow:visible;border:0;border-radius:0;box-shadow:none}
.room figure svg{max-width:none;min-width:0}
@media (pointer:coarse){.tools button{min-height:2.75rem;padding-inline:1rem}}
@media screen and (prefers-color-scheme:dark){figure:not(.settings){background:var(--paper)}figure:not(.settings) [fill="#1b1f24"]{fill:var(--ink)}figure:not(.settings) [stroke="#1b1f24"]{stroke:var(--ink)}figure:not(.settings) [fill="#6b7280"]{fill:var(--soft)}figure:not(.settings) [stroke="#6b7280"]{stroke:var(--soft)}figure:not(.settings) [stroke="#e5e7eb"]{stroke:var(--line)}figure:not(.settings) [fill="#ffffff"]{fill:var(--paper)}figure:not(.settings) [stroke="#ffffff"]{stroke:var(--paper)}[stroke="#4d4d4d"]{stroke:#b8b8b8}[fill="#4d4d4d"]{fill:#b8b8b8}[stroke="#8c510a"]{stroke:#d09a5b}[fill="#8c510a"]{fill:#d09a5b}figure:not(.settings) [stroke="#0072b2"]{stroke:#4aa8e0}figure:not(.settings) [fill="#0072b2"]{fill:#4aa8e0}}
#tip{position:fixed;white-space:pre-line;z-index:2;max-width:20rem;padding:.35rem .6rem;font-size:.8125rem;line-height:1.4;color:var(--paper);background:var(--ink);border-radius:4px;pointer-events:none}
#tip[hidden]{display:none}
@media (max-width:40rem){body{font-size:15px}h1{font-size:1.4rem}th,td{padding:.35rem .55rem}.table{border-radius:0;margin-inline:-1rem;border-inline:0;max-width:none}figure{margin-inline:-1rem;border-radius:0;border-inline:0}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--line:#bbb;--paper:#fff;--shade:#f3f3f3;--mark:#fff;--link:#000}nav,input[type=search],#tip,.tools{display:none}body{font-size:10pt}main{max-width:none;padding:0}.table,figure,pre{overflow:visible;max-width:100%;box-shadow:none}table{font-size:7.5pt}th,td{padding:2pt 4pt;white-space:normal}th{word-break:keep-all}td strong{padding:0}th button::after{content:''}h2,h3{break-after:avoid}tr,figure,pre{break-inside:avoid}figure svg{min-width:0}pre{white-space:pre-wrap}thead{display:table-header-group}}
`;
