import { encodedPath } from '../path.ts';

/** What a browser finds at `/`: the way to the metrics, as with other exporters. */
export function landingPage(path: string): string {
  // Relative, as a proxy may have put it all beneath another path.
  const link = escapeHtml(`.${encodedPath(path)}`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Metrics</title></head>
<body>
<h1>Metrics</h1>
<p><a href="${link}">${escapeHtml(path)}</a></p>
</body>
</html>
`;
}

/** It loads nothing, runs nothing and is shown in no frame. */
export const LANDING_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
