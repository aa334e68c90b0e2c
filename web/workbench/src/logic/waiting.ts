export type Urgency = 'calm' | 'amber' | 'red';

const AMBER_MS = 60_000;
const RED_MS = 180_000;

export function urgency(waitedMs: number, amberMs = AMBER_MS, redMs = RED_MS): Urgency {
  if (waitedMs > redMs) return 'red';
  return waitedMs > amberMs ? 'amber' : 'calm';
}

/** 0:07, 12:40, 3:05:00. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}
