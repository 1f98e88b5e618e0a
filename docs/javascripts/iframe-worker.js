// Browsers refuse to start workers on pages that were opened from disk, so the site's search would
// not work there. This runs them in a hidden frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.inside = frame.contentWindow;
      this.inside.postMessage = (data) => this.tell(this, data);
      this.ready = new Promise((resolve) => {
        const script = this.inside.document.createElement("script");
        Object.assign(script, { src: address, onload: resolve });
        this.inside.document.body.append(script);
      });
    }

    postMessage(data) {
      this.ready.then(() => this.tell(this.inside, data));
    }

    tell(target, sent) {
      const data = structuredClone(sent);
      setTimeout(() => {
        const message = new MessageEvent("message", { data });
        target.dispatchEvent(message);
        target.onmessage?.(message);
      });
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  };
}
