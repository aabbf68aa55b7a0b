/** Reads many things, a group at once: on a network file system it is the waiting that costs. Results are in order. */
export async function inGroups<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
  size = 64,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    for (const result of await Promise.all(items.slice(start, start + size).map(read))) results.push(result);
  }
  return results;
}
