let context: AudioContext | null = null;

/** Two short notes, made here: no file to fetch. Silent where the browser wants a gesture first. */
export function chime(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const at = context.currentTime;
    note(context, 880, at);
    note(context, 1318.5, at + 0.12);
  } catch {
    // No sound on this device.
  }
}

function note(audio: AudioContext, hertz: number, at: number): void {
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.16, at + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.42);
}
