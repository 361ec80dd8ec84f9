//===- HtmlStyle.cpp - The style sheet of the HTML report -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Html.h"

using namespace llvm;

StringRef race::htmlStyle() {
  return R"css(
:root{color-scheme:light dark;
--bg:#f5f6f8;--card:#fff;--ink:#1b2230;--dim:#5b6575;--line:#dde1e8;--code:#f7f8fa;
--hit:#fff3d6;--hitline:#e0a100;--mark:#ffd970;--link:#1d4ed8;--bad:#b42318;--badbg:#fdecea;
--t1:#2459d6;--t2:#b8480b;--t3:#6d3fc4;--t4:#0b7a55;--lock:#0f8a80;--win:#d92d20;
--add:#e3f5e6;--addink:#17602a;--del:#fde8e6;--delink:#93231a}
@media(prefers-color-scheme:dark){:root{
--bg:#12151b;--card:#1a1f28;--ink:#e5e9f0;--dim:#9aa5b5;--line:#2e3642;--code:#151a22;
--hit:#3a2f12;--hitline:#d9a520;--mark:#6b5413;--link:#8ab4ff;--bad:#ff9a8f;--badbg:#3b1d1b;
--t1:#7ba7ff;--t2:#f79a5e;--t3:#b79bff;--t4:#57d0a0;--lock:#3cc9bb;--win:#ff6b5e;
--add:#15301d;--addink:#8fe0a3;--del:#3a1b19;--delink:#ffb0a8}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1000px;margin:0 auto;padding:0 20px}
header{padding-top:32px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:20px;margin:40px 0 2px}
h3{font-size:14px;margin:28px 0 8px;color:var(--dim);font-weight:600;overflow-wrap:anywhere}
h4{font-size:17px;line-height:1.4;margin:0;font-weight:600;overflow-wrap:anywhere}
h5{font-size:13px;margin:22px 0 6px;color:var(--dim);font-weight:600}
p{margin:4px 0}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
code,.src,.diff{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:.88em}
.dim{color:var(--dim)}
.tables{display:flex;flex-wrap:wrap;gap:16px;margin:20px 0}
.tables section{flex:1 1 260px;min-width:0;background:var(--card);border:1px solid var(--line);
border-radius:10px;padding:12px 16px}
.tables h2{font-size:13px;margin:0 0 6px;color:var(--dim);font-weight:600}
.tables ul{list-style:none;margin:0;padding:0}
.tables li{display:flex;gap:12px;justify-content:space-between;padding:2px 0}
.tables li>:first-child{min-width:0;overflow-wrap:anywhere}
.tables b{font-variant-numeric:tabular-nums}
.pick{margin:0 0 8px;display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.pick input{position:absolute;opacity:0;width:1px;height:1px}
.pick label{border:1px solid var(--line);border-radius:999px;padding:3px 12px;cursor:pointer;
background:var(--card);font-size:13px}
.pick input:checked+label{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.pick input:focus-visible+label{outline:2px solid var(--link);outline-offset:2px}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;
padding:18px 20px;margin:0 0 18px;scroll-margin-top:12px}
article:target{border-color:var(--link);box-shadow:0 0 0 2px var(--link)}
.meta{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;margin-top:8px;font-size:13px;
color:var(--dim)}
.meta>*{min-width:0;overflow-wrap:anywhere}
.pill{border:1px solid var(--line);border-radius:999px;padding:1px 10px;white-space:nowrap}
.known .pill.st,.silenced .pill.st{color:var(--ink);background:var(--code)}
figure{margin:6px 0 0}
svg{display:block;max-width:100%}
.wide{height:auto}.narrow{display:none;width:100%;max-width:460px;height:auto}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .h{font-weight:700;fill:var(--c)}
svg .d{fill:var(--dim)}
svg .m{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--dim)}
svg .k{fill:var(--lock)}
svg .q{font-weight:600}
svg .n{font-size:12px;font-weight:700;fill:var(--card)}
svg .l{stroke:var(--c);stroke-width:2;opacity:.35}
svg .c{fill:var(--c)}
svg .o{fill:var(--card);stroke:var(--c);stroke-width:2}
svg .b{fill:var(--lock)}
svg .w{fill:var(--win);fill-opacity:.09;stroke:var(--win);stroke-opacity:.45;stroke-dasharray:4 4}
svg .wl{font-size:11px;font-weight:600;fill:var(--win)}
svg .a{fill:none;stroke:var(--dim);stroke-width:1.4}
svg marker path{fill:var(--dim)}
.t1{--c:var(--t1)}.t2{--c:var(--t2)}.t3{--c:var(--t3)}.t4{--c:var(--t4)}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;color:var(--dim);margin-top:8px}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;vertical-align:-1px;margin-right:5px}
.key .kw{background:color-mix(in srgb,var(--win) 14%,transparent);border:1px dashed var(--win)}
.key .kb{width:6px;background:var(--lock)}
.src,.diff{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:6px 0;
overflow:hidden;font-size:13px;line-height:1.55}
.file{font-size:12px;color:var(--dim);margin:10px 0 4px;overflow-wrap:anywhere}
.row{display:flex;unicode-bidi:isolate}
.row>b{flex:none;width:4.4em;padding-right:12px;text-align:right;color:var(--dim);font-weight:400;
user-select:none;font-variant-numeric:tabular-nums}
.row>code{flex:1;min-width:0;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;font-size:1em;
padding-right:10px;unicode-bidi:isolate}
.hit{background:var(--hit);box-shadow:inset 3px 0 var(--hitline)}
mark{background:var(--mark);color:inherit;border-radius:2px}
.steps{flex:none;padding-right:8px;white-space:nowrap}
.steps i{display:inline-block;min-width:18px;height:18px;line-height:18px;border-radius:9px;
text-align:center;font:700 11px/18px system-ui,"DejaVu Sans",sans-serif;background:var(--c);color:var(--card);
margin-left:3px;padding:0 4px}
.say{font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
padding:3px 12px 5px 4.4em;background:var(--hit);box-shadow:inset 3px 0 var(--hitline);overflow-wrap:anywhere}
.say.main{color:var(--bad);font-weight:600}
.skip{color:var(--dim);padding-left:4.4em}
.diff .row>b{width:2.2em}
.del{background:var(--del);color:var(--delink)}.add{background:var(--add);color:var(--addink)}
details{margin-top:14px}
summary{cursor:pointer;color:var(--link);font-size:14px}
details ol,details ul{margin:8px 0 4px;padding-left:24px}
details.all>summary{font-size:17px;margin:28px 0 12px}
.cmd{display:block;background:var(--code);border:1px solid var(--line);border-radius:6px;
padding:6px 10px;margin:6px 0;overflow-wrap:anywhere;white-space:pre-wrap}
.warn{background:var(--badbg);border:1px solid var(--bad);border-radius:10px;padding:10px 16px;margin:16px 0;
overflow-wrap:anywhere}
footer{padding-top:24px;padding-bottom:40px;color:var(--dim);font-size:13px}
@media(max-width:900px){.wide{display:none}.narrow{display:block}}
@media(max-width:640px){
main,header,footer{padding-left:12px;padding-right:12px}
header{padding-top:20px}
article{padding:14px 12px;border-radius:10px}
.row>b{width:3.4em;padding-right:8px}
.say{padding-left:3.4em}.skip{padding-left:3.4em}
.src,.diff{font-size:12px}}
@media print{body{background:#fff}.pick{display:none}article{break-inside:avoid}}
)css";
}
