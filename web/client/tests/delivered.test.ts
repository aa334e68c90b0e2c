import { describe, expect, it } from 'vitest';
import { Deliveries } from '../src/delivered.ts';
import { World } from './world.ts';

function begin(isKnown = (_: string, __: number) => false) {
  const world = new World();
  const said: [string, number][] = [];
  const net = { isOpen: true };
  const deliveries = new Deliveries({
    env: world.env,
    isKnown,
    say: (conversation, seq) => net.isOpen && said.push([conversation, seq]) > 0,
  });
  return { world, said, net, deliveries };
}

describe('what reached this device', () => {
  it('is said once for all that came within a second', async () => {
    const { world, said, deliveries } = begin();
    for (const seq of [1, 2, 3]) deliveries.reached('a', seq);
    deliveries.reached('b', 7);
    expect(said).toEqual([]);
    await world.pass(1000);
    expect(said).toEqual([
      ['a', 3],
      ['b', 7],
    ]);
    deliveries.reached('a', 2);
    await world.pass(5000);
    expect(said).toHaveLength(2);
  });

  it('is not said when it was read meanwhile', async () => {
    const { world, said, deliveries } = begin((_, seq) => seq <= 3);
    deliveries.reached('a', 3);
    await world.pass(1000);
    deliveries.reached('a', 4);
    await world.pass(1000);
    expect(said).toEqual([['a', 4]]);
  });

  it('waits for the connection', async () => {
    const { world, said, net, deliveries } = begin();
    net.isOpen = false;
    deliveries.reached('a', 1);
    await world.pass(1000);
    expect(said).toEqual([]);
    net.isOpen = true;
    deliveries.opened();
    await world.pass(1000);
    expect(said).toEqual([['a', 1]]);
  });

  it('begins again in a store that was replaced', async () => {
    const { world, said, deliveries } = begin();
    deliveries.reached('a', 9);
    await world.pass(1000);
    deliveries.forget('a');
    deliveries.reached('a', 1);
    await world.pass(1000);
    expect(said).toEqual([
      ['a', 9],
      ['a', 1],
    ]);
  });
});
