/** A member's path as pipelines write it: with `/`, without `./` in front, without `/` behind. */
export function memberPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
}

/** The folder that npm puts everything into in its tarballs; pipelines need not write it. */
export const PACKAGE_FOLDER = 'package/';

/** A path of an npm package's tarball as pipelines write it. */
export function packagePath(path: string): string {
  const member = memberPath(path);
  return member.startsWith(PACKAGE_FOLDER) ? member.slice(PACKAGE_FOLDER.length) : member;
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
