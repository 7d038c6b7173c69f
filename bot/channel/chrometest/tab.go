package chrometest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Tab is one page of a browser, as large as a phone at first.
type Tab struct {
	t    testing.TB
	ctx  context.Context
	mu   sync.Mutex
	said []string // on the console
}

// How long a step may take, and how long something is waited for.
const (
	stepFor = 20 * time.Second
	waitFor = 15 * time.Second
)

func open(t testing.TB, parent context.Context, opts ...chromedp.ContextOption) *Tab {
	t.Helper()
	b := &Tab{t: t}
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
	b.Size(390, 844)
	return b
}

// Another opens a second tab of the same person.
func (b *Tab) Another() *Tab { return open(b.t, b.ctx) }

func (b *Tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepFor)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// Visit opens an address.
func (b *Tab) Visit(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

// Eval returns the value of a JavaScript expression as a string.
func (b *Tab) Eval(expression string) string {
	b.t.Helper()
	value, err := b.try(expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (b *Tab) try(expression string) (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, stepFor)
	defer cancel()
	script := "(async () => String(await (" + expression + ")))()"
	return chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
}

// Run runs a script in the page.
func (b *Tab) Run(script string) { b.t.Helper(); b.do(chromedp.Evaluate[chromedp.Void](script)) }

// Until waits for a JavaScript expression to become true, in this page or in
// one that takes its place.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	var value string
	var err error
	for deadline := time.Now().Add(waitFor); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if value, err = b.try("!!(" + expression + ")"); err == nil && value == "true" {
			return
		}
	}
	b.t.Fatalf("waited for %s: %s %v\nthe page shows: %q", expression, value, err, b.Eval(`document.body.innerText`))
}

// Write types a text into the field of the page.
func (b *Tab) Write(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#text")))
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatalf("type: %v", err)
	}
}

// Say types a text and presses Enter.
func (b *Tab) Say(text string) {
	b.t.Helper()
	b.Write(text)
	b.Key("\r")
}

// Key presses keys, one after the other.
func (b *Tab) Key(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// Press clicks the button that bears a label.
func (b *Tab) Press(label string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.Search(fmt.Sprintf(`//button[normalize-space()=%q]`, label))))
}

// Click clicks what a CSS selector finds first.
func (b *Tab) Click(selector string) { b.t.Helper(); b.do(chromedp.Click(chromedp.CSS(selector))) }

// Focus puts the focus on the button that bears a label.
func (b *Tab) Focus(label string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.Search(fmt.Sprintf(`//button[normalize-space()=%q]`, label))))
}

// Focused is the name of what has the focus.
func (b *Tab) Focused() string {
	b.t.Helper()
	return b.Eval(`(e => e.id || e.getAttribute('aria-label') || e.innerText.trim())(document.activeElement)`)
}

// Size makes the page so large, in CSS pixels.
func (b *Tab) Size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// Media sets a feature that style sheets ask for, such as prefers-color-scheme.
func (b *Tab) Media(name, value string) {
	b.t.Helper()
	features := []*emulation.MediaFeature{{Name: name, Value: value}}
	call(b, "emulate "+name, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
}

// WithoutScript switches JavaScript off in the pages to come.
func (b *Tab) WithoutScript() {
	b.t.Helper()
	call(b, "switch off scripts", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// Before runs a script in every page before its own.
func (b *Tab) Before(source string) {
	b.t.Helper()
	call(b, "add script", page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
}

// ForgetCookies takes the person's cookies away.
func (b *Tab) ForgetCookies() {
	b.t.Helper()
	call(b, "clear cookies", network.ClearBrowserCookies, cdp.Empty{})
}

// call asks the browser for one thing.
func call[P, R any](b *Tab, what string, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Shot saves a picture of the page in the folder SACHHON_SHOTS, if that is set.
func (b *Tab) Shot(name string) {
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

// Console is what the page has said on its console so far.
func (b *Tab) Console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.said...)
}

// Quiet fails when the console heard of anything.
func (b *Tab) Quiet() {
	b.t.Helper()
	if said := b.Console(); len(said) > 0 {
		b.t.Errorf("the console says %q", said)
	}
}
