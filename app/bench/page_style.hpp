// How the report's page looks; follows the reader's choice of dark or light.
#pragma once

namespace yagura::app::bench {

inline constexpr const char* kPageStyle = R"(
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2126;--dim:#5b6570;--line:#dfe3e7;--card:#f6f8f9;
--c0:#0b66c3;--c1:#c2410c;--c2:#15803d;--c3:#7c3aed;--c4:#b91c5c;--c5:#57606a;--c6:#0e7490;--c7:#a16207;--c8:#8a5a2b;--c9:#4d7c0f}
@media(prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--dim:#9aa4ae;--line:#2c333a;--card:#1b2025;
--c0:#6cb2ff;--c1:#ff9d5c;--c2:#6ad88f;--c3:#b99bff;--c4:#ff86b3;--c5:#aab4be;--c6:#5fd0e6;--c7:#e5c15a;--c8:#d8a77a;--c9:#b3d962}}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:2.2rem 0 .5rem}p{margin:.3rem 0;max-width:52rem}
.dim,figcaption{color:var(--dim)}figure{margin:1rem 0 0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem}
figcaption{font-size:.88rem;padding:.2rem .4rem 0}svg{width:100%;height:auto;display:block}
svg text{fill:var(--dim);font-size:11.5px}svg .title{font-size:12.5px}.grid{stroke:var(--line);stroke-width:1}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.dot{opacity:.8}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:.3rem .4rem;list-style:none;margin:0;font-size:.88rem}
.legend i{display:inline-block;width:1.2em;height:.25em;vertical-align:middle;margin-right:.4em;background:currentColor}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.22rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{font-weight:600;color:var(--dim)}td small{color:var(--dim)}
.facts td{text-align:left;white-space:normal}.facts td:first-child{color:var(--dim);width:11rem}
.bar{fill:var(--c0)}.whisker{stroke:var(--fg);stroke-width:1.4}
.c0{stroke:var(--c0);color:var(--c0)}.c1{stroke:var(--c1);color:var(--c1)}.c2{stroke:var(--c2);color:var(--c2)}
.c3{stroke:var(--c3);color:var(--c3)}.c4{stroke:var(--c4);color:var(--c4)}.c5{stroke:var(--c5);color:var(--c5)}
.c6{stroke:var(--c6);color:var(--c6)}.c7{stroke:var(--c7);color:var(--c7)}.c8{stroke:var(--c8);color:var(--c8)}
.c9{stroke:var(--c9);color:var(--c9)}.dot{fill:currentColor;stroke:none}.legend span{color:var(--fg)}
)";

}  // namespace yagura::app::bench
