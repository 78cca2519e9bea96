// Loaded into an attacked process, by --import: measures how long its event loop was blocked in one
// piece. On SIGUSR2 it prints that on stderr, and begins again.
const TICK_MS = 5;
let last = performance.now();
let cpu = process.cpuUsage();
let blockedMs = 0;

setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  // Time in which the machine ran another process does not count.
  blockedMs = Math.max(blockedMs, Math.min(now - last - TICK_MS, (user + system) / 1000));
  last = now;
}, TICK_MS).unref();

/** Takes some 20 ms on an idle machine. */
function calibrate() {
  const started = performance.now();
  let sum = 0;
  for (let i = 0; i < 20_000_000; i += 1) sum += i % 7;
  return sum > 0 ? performance.now() - started : 0;
}

process.on('SIGUSR2', () => {
  const report = {
    blockedMs: Math.round(blockedMs),
    calibrationMs: Math.round(calibrate()),
    rssMebibytes: process.memoryUsage().rss >> 20,
  };
  process.stderr.write(`loop ${JSON.stringify(report)}\n`);
  last = performance.now();
  cpu = process.cpuUsage();
  blockedMs = 0;
});
