package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sachhon/bot/channel/chrometest"
)

// demonstrated is a running `demo --telegram` with the addresses it printed.
type demonstrated struct {
	data, web, telegram string
}

// demonstrate starts it and reads where its pages are.
func demonstrate(t *testing.T) *demonstrated {
	t.Helper()
	d := &demonstrated{data: t.TempDir()}
	cmd := command(t, "demo", "--telegram", "--listen", "127.0.0.1:0", "--data", d.data)
	cmd.Env = append(cmd.Env, "SACHHON_TIMEZONE="+zoneAtNoon())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d.web = strings.TrimSpace(line)
	said := bufio.NewReader(errs)
	for d.telegram == "" {
		line, err := said.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`stand-in for Telegram: (http\S+)`).FindStringSubmatch(line); m != nil {
			d.telegram = m[1]
		}
	}
	go io.Copy(io.Discard, said) //nolint:errcheck // ends with the program
	return d
}

// poster is a picture as centres send them: upright, in two colours.
func poster(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1080, 1350))
	for y := range 1350 {
		for x := range 1080 {
			c := color.RGBA{0x1b, 0x6e, 0x4a, 0xff}
			if y > 900 && y < 1250 && x > 90 && x < 990 {
				c = color.RGBA{0xf4, 0xe9, 0xc8, 0xff}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cast makes a broadcast with a file and two answers and returns its id.
func (d *demonstrated) cast(t *testing.T, kind, name, alt string, content []byte, draft bool) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"title": name, "kind": kind, "draft": draft, "segment": map[string]any{},
		"text": map[string]string{"vi": "Lớp **Sản xuất sạch hơn cho ngành gỗ** mở thứ Năm, 10/12/2026, tại Hội trường B. Anh/chị tới chứ?",
			"en": "The class **Cleaner production for wood** is on Thu 10 Dec 2026 in Hall B. Will you come?"},
		"answers": []map[string]any{{"key": "yes", "label": map[string]string{"vi": "Tôi sẽ tới", "en": "I'll come"}}, {"key": "no", "label": map[string]string{"vi": "Lần này không tới được", "en": "Not this time"}}},
		"media":   map[string]string{"name": name, "alt": alt, "bytes": base64.StdEncoding.EncodeToString(content)}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(must(t, "", "broadcast", "create", write(t, "b.json", string(raw)), "--data", d.data))
}

// guest is somebody in front of a page of the demonstration.
type guest struct {
	*chrometest.Tab
	name         string
	label, stop  string // what promotion says first and last
	alt          string // "": the network has no words for pictures
	yes, thanked string
}

// shots takes pictures of what a guest sees, in both colours.
func (g *guest) shots(what string) {
	for _, colours := range []string{"light", "dark"} {
		g.Media("prefers-color-scheme", colours)
		g.Shot(fmt.Sprintf("cast-%s-%s-%s", what, g.name, colours))
	}
}

// guests are people of both languages in both networks, who have said hello.
func (d *demonstrated) guests(t *testing.T, alt string) (all []*guest) {
	t.Helper()
	c := chrometest.Start(t)
	vi := guest{label: "[QC] Lớp", stop: "Trả lời DỪNG để thôi nhận.", yes: "Tôi sẽ tới", thanked: "ghi nhận: Tôi sẽ tới"}
	en := guest{label: "[AD] The class", stop: "Reply STOP to get no more of these.", yes: "I'll come", thanked: "noted: I'll come"}
	for _, one := range []struct {
		guest
		name, url, begin, alt string
	}{
		{vi, "telegram-vi", d.telegram + "?as=Hoa", "Bắt đầu", ""}, {en, "telegram-en", d.telegram + "?as=Bob&lang=en", "Start", ""},
		{vi, "web-vi", d.web, "", alt}, {en, "web-en", d.web + "?lang=en", "", alt},
	} {
		g := one.guest
		g.name, g.alt, g.Tab = one.name, one.alt, c.Person(t)
		g.Visit(one.url)
		if one.begin != "" {
			g.Press(one.begin)
		} else {
			g.Say("/menu")
		}
		g.Until(`document.querySelector('.entry.bot button')`)
		all = append(all, &g)
	}
	return all
}

// TestBroadcastsSeenInABrowser has people of both languages in both networks
// look at a poster, labelled and with the way to refuse, get a document, and
// press an answer that counts.
func TestBroadcastsSeenInABrowser(t *testing.T) {
	const alt = "Áp phích: lớp Sản xuất sạch hơn cho ngành gỗ, 10/12/2026"
	d := demonstrate(t)
	all := d.guests(t, alt)
	promoted := d.cast(t, "promotion", "ap-phich.png", alt, poster(t), true)
	var contacts []struct{ Contact string }
	if err := json.Unmarshal([]byte(must(t, "", "export", "contacts", "--format", "json", "--data", d.data)), &contacts); err != nil || len(contacts) != len(all) {
		t.Fatalf("the contacts are %+v, %v", contacts, err)
	}
	for _, one := range contacts {
		must(t, "", "broadcast", "test", promoted, "--contact", one.Contact, "--data", d.data)
	}
	for _, g := range all {
		g.seesPoster(t)
	}
	leaflet := filepath.Join(t.TempDir(), "l6.pdf")
	must(t, "", "leaflet", "print", "l6", "-o", leaflet, "--data", d.data)
	pdf, err := os.ReadFile(leaflet)
	if err != nil {
		t.Fatal(err)
	}
	told := d.cast(t, "service", "go-bui-say-son.pdf", "", pdf, false)
	for _, g := range all {
		g.Until(`[...document.querySelectorAll('.entry.bot')].at(-1).querySelector('a[download="go-bui-say-son.pdf"]')`)
		g.shots("document")
		g.Eval(fmt.Sprintf(`[...document.querySelectorAll('.entry.bot button')].filter(e => e.innerText.trim() === %q).at(-1).click()`, g.yes))
		g.Until(fmt.Sprintf(`[...document.querySelectorAll('.entry.bot')].at(-1).innerText.includes(%q)`, g.thanked))
		g.shots("answered")
	}
	if show := must(t, "", "broadcast", "show", told, "--data", d.data); !strings.Contains(show, "Tôi sẽ tới: 4\n") || !strings.Contains(show, "4 sent, 0 failed") {
		t.Errorf("in the end it is\n%s", show)
	}
}

// seesPoster wants all of it on one screen: words, picture and answers.
func (g *guest) seesPoster(t *testing.T) {
	t.Helper()
	g.Until(`(e => e.querySelector('img')?.naturalWidth === 1080 && e.querySelectorAll('button').length === 2)([...document.querySelectorAll('.entry.bot')].at(-1))`)
	g.shots("poster")
	said := g.Eval(`[...document.querySelectorAll('.entry.bot')].at(-1).querySelector('.said').innerText.trim()`)
	if !strings.HasPrefix(said, g.label) || !strings.HasSuffix(said, g.stop) {
		t.Errorf("%s reads %q", g.name, said)
	}
	if alt := g.Eval(`[...document.querySelectorAll('.entry.bot')].at(-1).querySelector('img').alt`); g.alt != "" && alt != g.alt {
		t.Errorf("%s has the picture told as %q", g.name, alt)
	}
	if place := g.Eval(`(e => [e.querySelector('.said'), e.querySelector('img'), [...e.querySelectorAll('button')].at(-1)].map(p => p.getBoundingClientRect())
		.every(r => r.top >= document.querySelector('header').getBoundingClientRect().bottom && r.bottom <= document.getElementById('text').getBoundingClientRect().top))([...document.querySelectorAll('.entry.bot')].at(-1))`); place != "true" {
		t.Errorf("%s must scroll to see words, picture and answers", g.name)
	}
}
