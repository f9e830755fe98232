// Short sounds made in code, one for each severity: told apart by pitch and number, not by loudness.

/** @type {Record<string, {hz: number[], each: number, gain: number, wave: OscillatorType}>} each: seconds a tone lasts */
const kSounds = {
  info: { hz: [520], each: 0.06, gain: 0.10, wave: 'sine' },
  low: { hz: [620], each: 0.12, gain: 0.15, wave: 'sine' },
  high: { hz: [740, 990], each: 0.13, gain: 0.22, wave: 'triangle' },
  critical: { hz: [880, 1320, 880, 1320, 1760], each: 0.12, gain: 0.30, wave: 'triangle' },
};

export class Sounds {
  /** @type {AudioContext | null} */
  #context = null;

  /** Whether the browser lets us be heard; it does after a click or a key. */
  get ready() { return this.#context?.state === 'running'; }

  /** To be called from a click or a key. @returns {Promise<boolean>} whether there is sound now */
  async start() {
    try {
      this.#context ??= new AudioContext();
      if (this.#context.state !== 'running') await this.#context.resume();
    } catch { /* a computer without sound */ }
    return this.ready;
  }

  /** @param {string} severity @returns {boolean} whether it is heard */
  play(severity) {
    const context = this.#context;
    if (!context || context.state !== 'running') return false;
    const { hz, each, gain, wave } = kSounds[severity] ?? kSounds.low;
    hz.forEach((frequency, i) => {
      const at = context.currentTime + 0.01 + i * each;
      const tone = new OscillatorNode(context, { type: wave, frequency });
      const volume = new GainNode(context, { gain: 0 });
      // Without a click at either end.
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(gain, at + 0.01);
      volume.gain.setValueAtTime(gain, at + each * 0.6);
      volume.gain.linearRampToValueAtTime(0, at + each);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + each);
      tone.onended = () => volume.disconnect();
    });
    return true;
  }
}
