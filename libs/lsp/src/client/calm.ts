import { groupBy, mergeMap, type Observable, throttleTime, timer } from 'rxjs';

/** Milliseconds in which the same value is told twice at most: when it comes, and when it has come again. */
const WINDOW = 100;

/** Passes on what is new at once; what comes again and again only now and then. */
export function calm(values$: Observable<string>): Observable<string> {
  return values$.pipe(
    groupBy((value) => value, { duration: () => timer(WINDOW) }),
    mergeMap((same$) => same$.pipe(throttleTime(WINDOW, undefined, { leading: true, trailing: true }))),
  );
}
