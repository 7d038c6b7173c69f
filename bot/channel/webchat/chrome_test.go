package webchat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// chrome is a real browser without a window.
type chrome struct{ ctx context.Context }

// startChrome starts a browser or skips the test where there is none; with
// SACHHON_BROWSER=required, a missing one is a failure.
func startChrome(t *testing.T) *chrome {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	switch {
	case path == "" && os.Getenv("SACHHON_BROWSER") == "required":
		t.Fatal("no browser found")
	case path == "" || testing.Short():
		t.Skip("needs a browser")
	}
	dir, err := os.MkdirTemp("", "webchat-chrome") // t.TempDir fails on what Chrome writes while it ends
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "vi-VN,vi"), chromedp.Flag("lang", "vi"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		cancel()
		stop()
		os.RemoveAll(dir)
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return &chrome{ctx}
}

// tab is one page of a browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	mu   sync.Mutex
	said []string // on the console
}

// person opens a tab of somebody who was never here: with cookies of their own.
func (c *chrome) person(t *testing.T) *tab {
	t.Helper()
	return open(t, c.ctx, chromedp.WithNewBrowserContext())
}

// another opens a second tab of the same person.
func (b *tab) another() *tab { return open(b.t, b.ctx) }

func open(t *testing.T, parent context.Context, opts ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(parent, opts...)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open tab: %v", err)
	}
	heard := chromedp.Console(ctx)
	go func() {
		for m, err := range heard {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.said = append(b.said, m.String())
			b.mu.Unlock()
		}
	}()
	b.ctx = ctx
	b.size(390, 844)
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

func (b *tab) visit(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

// eval returns the value of a JavaScript expression as a string.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	value, err := b.try(expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (b *tab) try(expression string) (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	script := "(async () => String(await (" + expression + ")))()"
	return chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
}

// until waits for a JavaScript expression to become true, in this page or in
// one that takes its place.
func (b *tab) until(expression string) {
	b.t.Helper()
	var value string
	var err error
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if value, err = b.try("!!(" + expression + ")"); err == nil && value == "true" {
			return
		}
	}
	b.t.Fatalf("waited for %s: %s %v\nthe log: %q", expression, value, err, b.log())
}

// log is what the log shows: one line for each entry that can be seen.
func (b *tab) log() []string {
	b.t.Helper()
	raw := b.eval(`JSON.stringify([...document.querySelectorAll('#log .entry:not([hidden])')].map(e => e.classList[1] + ': ' + (e.querySelector('.said')?.innerText ?? '')))`)
	var out []string
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		b.t.Fatalf("read log %s: %v", raw, err)
	}
	return out
}

// write types a text where the focus is.
func (b *tab) write(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#text")))
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatalf("type: %v", err)
	}
}

// say types a text and presses Enter.
func (b *tab) say(text string) {
	b.t.Helper()
	b.write(text)
	b.key("\r")
}

func (b *tab) key(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// press clicks the button that bears a label.
func (b *tab) press(label string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.Search(fmt.Sprintf(`//button[normalize-space()=%q]`, label))))
}

// focused is the name of what has the focus.
func (b *tab) focused() string {
	b.t.Helper()
	return b.eval(`(e => e.id || e.getAttribute('aria-label') || e.innerText.trim())(document.activeElement)`)
}

func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

func (b *tab) media(name, value string) {
	b.t.Helper()
	features := []*emulation.MediaFeature{{Name: name, Value: value}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatalf("emulate %s: %v", name, err)
	}
}

func (b *tab) withoutScript() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.t.Fatalf("switch off scripts: %v", err)
	}
}

// evenBefore runs a script in every page before its own.
func (b *tab) evenBefore(source string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source}); err != nil {
		b.t.Fatalf("add script: %v", err)
	}
}

// shot saves a picture of the page in the folder SACHHON_SHOTS, if that is set.
func (b *tab) shot(name string) {
	b.t.Helper()
	folder := os.Getenv("SACHHON_SHOTS")
	if folder == "" {
		return
	}
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), raw, 0o644)
	}
	if err != nil {
		b.t.Errorf("take picture: %v", err)
	}
}

// quiet fails when the console heard of an error.
func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 {
		b.t.Errorf("the console says %q", b.said)
	}
}

// handler wraps a site's handler, to stand between it and the browser.
func (s *site) between(wrap func(next http.Handler) http.Handler) {
	s.srv.Config.Handler = wrap(s.srv.Config.Handler)
}
