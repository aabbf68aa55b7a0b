/**
 * A member's path as pipelines write it: with `/`, without `./` in front, without `/` behind, and without the
 * `package/` that npm puts before everything in its tarballs.
 */
export function memberPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^package\//, '');
}

/** True for members that are not data: what macOS adds to archives, and paths that climb out of the archive. */
export function isOddMember(member: string): boolean {
  return /(^|\/)(\._[^/]*|\.\.|__MACOSX)(\/|$)/.test(member);
}

/** Every folder above the given files. */
export function foldersOf(members: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const member of members) {
    let end = member.lastIndexOf('/');
    while (end > 0 && !folders.has(member.slice(0, end))) {
      folders.add(member.slice(0, end));
      end = member.lastIndexOf('/', end - 1);
    }
  }
  return folders;
}
