import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Numbers of a process's children; empty where the system does not tell (only Linux does). */
export function childProcesses(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}

/** @returns those that still live after so long */
export async function outliving(pids: readonly number[], limitMs: number): Promise<number[]> {
  const deadlineMs = performance.now() + limitMs
  let living = pids.filter(isLiving)
  while (living.length > 0 && performance.now() < deadlineMs) {
    await delay(50)
    living = living.filter(isLiving)
  }
  return living
}

function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // An ended process whose parent was killed may wait for a while to be collected.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
