// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension HTMLReport {
    /// The look of the page, pictures apart. All text has a contrast of 4.5 to 1 or more.
    static let style = """
        :root{color-scheme:light}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1120px;padding:16px;color:#1f2328;background:#fff;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        h1,h2,h3,h4{line-height:1.25;margin:1.2em 0 .4em}
        h1{font-size:1.5rem;margin-top:.3em}
        h2{font-size:1.3rem;border-bottom:1px solid #d0d7de;padding-bottom:.25em;margin-top:2em}
        h3{font-size:1.08rem}
        h4{font-size:.95rem;margin-top:1.4em}
        p,ul{margin:.4em 0}
        ul{padding-left:1.3em}
        a{color:#0550ae}
        a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid #0550ae;outline-offset:2px}
        code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
        pre{background:#f6f8fa;border:1px solid #d0d7de;border-radius:6px;padding:10px;margin:.4em 0;overflow:auto;max-height:480px;line-height:1.4}
        small{font-size:.85em;color:#57606a}
        .skip{position:absolute;left:-9999px}
        .skip:focus{position:static}
        .facts,figcaption,footer{color:#57606a;font-size:.9rem}
        .verdict{font-size:1.15rem}
        .sign{display:inline-block;width:1.35em;height:1.35em;line-height:1.35em;border-radius:50%;text-align:center;font-weight:700;font-size:.9em;color:#fff}
        .sign.passed{background:#1a7f37}
        .sign.failed{background:#b42318;border-radius:3px}
        .sign.left{background:#57606a;border-radius:3px}
        nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:6px 18px}
        .failure{border:1px solid #d0d7de;border-left:5px solid #b42318;border-radius:6px;padding:2px 16px 12px;margin:16px 0}
        .place{color:#57606a}
        .message{font-weight:600}
        .message,.finding li,.finding p{white-space:pre-line}
        .tree,.tree ul{list-style:none;padding-left:0}
        .tree ul{border-left:2px solid #d0d7de;padding-left:14px;margin:2px 0 2px 4px}
        .is{color:#57606a;font-size:.85em}
        .good{color:#1a7f37}
        .bad{color:#b42318;font-weight:600}
        .notable{color:#7d5700}
        .verb{color:#0550ae}
        .faint{color:#57606a}
        .path{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
        .again{user-select:all;white-space:pre-wrap}
        .letters{display:grid;grid-template-columns:1fr;gap:0 20px}
        .letters>section{min-width:0}
        @media (min-width:900px){.letters{grid-template-columns:1fr 1fr}}
        figure{margin:.6em 0}
        .picture,.wide{overflow-x:auto}
        .picture{border:1px solid #d0d7de;border-radius:6px;margin:.5em 0;background:#fff}
        .picture svg{display:block;margin:0 auto;height:auto;width:clamp(calc(var(--width)*.72),100%,var(--width))}
        details{margin:.4em 0}
        summary{cursor:pointer;padding:4px 0}
        .scenario{border:1px solid #d0d7de;border-radius:6px;padding:2px 12px}
        .scenario>summary{padding:8px 0}
        .scenario>summary>span{vertical-align:middle}
        table{border-collapse:collapse;font-size:.9rem;margin:.5em 0}
        caption{text-align:left;font-weight:600;padding:.3em 0}
        th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid #d8dee4}
        thead th{color:#57606a;font-weight:600}
        tbody th{font-weight:400}
        .number{white-space:nowrap}
        .story td:nth-child(-n+2){white-space:nowrap;overflow-wrap:normal}
        @media print{
        body{max-width:none;padding:0;font-size:10.5pt}
        nav,.skip{display:none}
        details::details-content{content-visibility:visible;display:block;height:auto}
        .picture,.wide,pre{overflow:visible;max-height:none}
        .picture svg{width:auto;max-width:100%;max-height:22cm}
        pre{white-space:pre-wrap}
        figure,svg,tr,h2,h3,h4{break-inside:avoid;break-after:auto}
        h2,h3,h4{break-after:avoid}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        }
        """
}
