package bot

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"sachhon/bot/channel"
	"sachhon/bot/documents"
	"sachhon/content"
	"sachhon/dialogs"
)

// printed are the leaflets as people get them in the chat, drawn when they are
// first asked for and kept: the same bytes go to everybody. They are of one
// version of the content and of one address of the bot.
type printed struct {
	mu    sync.Mutex
	of    string // version and link
	pages map[string][]byte
}

// leafletPaper is the paper of a leaflet that is handed out in the chat: what
// every printer has.
const leafletPaper = documents.A4

// leafletFile returns a leaflet for printing, "L3" in a language.
func (a *actions) leafletFile(id string, lang dialogs.Lang) ([]byte, error) {
	set := a.articles()
	l, ok := set.Leaflet(strings.ToLower(id))
	if !ok {
		return nil, errNoMedia
	}
	link := a.b.deepLink("leaflet_" + strings.ToUpper(l.ID))
	a.printed.mu.Lock()
	defer a.printed.mu.Unlock()
	if of := set.Version + link; a.printed.of != of {
		a.printed.of, a.printed.pages = of, map[string][]byte{}
	}
	key := l.ID + ":" + string(lang)
	if raw, ok := a.printed.pages[key]; ok {
		return raw, nil
	}
	raw, err := a.press.LeafletPDF(a.b.sheetOf(&l, lang, link), leafletPaper)
	if err == nil {
		a.printed.pages[key] = raw
	}
	return raw, err
}

// leafletPDF sends a leaflet for printing with the next message.
func (a *actions) leafletPDF(t *turn, args map[string]string) (dialogs.Outcome, error) {
	id, _, _ := strings.Cut(args["id"], "_")
	lang := t.contact.Speaks()
	raw, err := a.leafletFile(id, lang)
	if errors.Is(err, errNoMedia) {
		return outcome("none"), nil
	}
	if err != nil {
		return dialogs.Outcome{}, err
	}
	l, _ := a.articles().Leaflet(strings.ToLower(id))
	out := outcome("ok")
	out.Media = []dialogs.Media{{Kind: dialogs.Document, Name: "to-roi-" + l.ID + ".pdf", MIME: "application/pdf", Size: int64(len(raw)),
		Alt: l.Title.In(lang), Ref: refLeaflet + l.ID + ":" + string(lang) + ":" + a.articles().Version}}
	return out, nil
}

// leafletLine says what the printed leaflet is and how large.
func (a *actions) leafletLine(id string) (dialogs.Text, error) {
	line := func(lang dialogs.Lang) (string, error) {
		raw, err := a.leafletFile(id, lang)
		return strings.ReplaceAll(a.lib().Text("leaflet.pdf").In(lang), "{a}", string(leafletPaper)+", "+channel.FileSize(int64(len(raw)), lang)), err
	}
	vi, err := line(dialogs.Vietnamese)
	en, err2 := line(dialogs.English)
	return dialogs.Text{VI: vi, EN: en}, errors.Join(err, err2)
}

// deepLink is the address that opens the conversation with a payload: on
// Telegram where the bot lives there, else on the web page; "" while neither
// has an address that works from elsewhere.
func (b *Bot) deepLink(payload string) string {
	for _, n := range b.networks {
		if named, ok := n.channel.(interface{ Username() string }); ok && named.Username() != "" {
			return "https://t.me/" + named.Username() + "?start=" + payload
		}
	}
	if b.cfg.PublicURL == nil {
		return ""
	}
	u := *b.cfg.PublicURL
	u.Path = strings.TrimRight(u.Path, "/") + "/"
	u.RawQuery = url.Values{"start": {payload}}.Encode()
	return u.String()
}

// sheetOf makes of a leaflet what is printed.
func (b *Bot) sheetOf(l *content.Leaflet, lang dialogs.Lang, link string) documents.Leaflet {
	c := b.cfg.Centre
	out := documents.Leaflet{ID: strings.ToUpper(l.ID), Lang: lang, Title: l.Title.In(lang), Agency: c.Name, Link: link,
		Contact: strings.Join(slices.DeleteFunc([]string{c.Address, c.Phone, c.Email}, func(s string) bool { return s == "" }), "\n")}
	if l.Review.Done() {
		out.Reviewed = l.Review.By + ", " + l.Review.On
	}
	for _, k := range l.Blocks[lang] {
		out.Blocks = append(out.Blocks, blockOf(k))
	}
	if name := l.Source.Name.In(lang); name != "" {
		if l.Source.Year > 0 {
			name += fmt.Sprint(", ", l.Source.Year)
		}
		label := dialogs.Text{VI: "Nguồn: ", EN: "Source: "}.In(lang)
		out.Blocks = append(out.Blocks, documents.Block{Kind: documents.Small, Text: label + name})
	}
	return out
}

// blockKinds are the blocks of an article as they are printed.
var blockKinds = map[content.BlockKind]documents.BlockKind{
	content.Heading: documents.Heading, content.Paragraph: documents.Paragraph, content.Bullets: documents.Bullets,
	content.Numbered: documents.Numbers, content.Checklist: documents.Checks, content.Table: documents.Form, content.Quote: documents.Figure,
}

func blockOf(k content.Block) documents.Block {
	return documents.Block{Kind: blockKinds[k.Kind], Text: k.Text, Items: k.Items, Rows: k.Rows}
}

// LeafletView is a leaflet as the shell lists it.
type LeafletView struct {
	ID, Title string
	Reviewed  bool
}

// SourceView is a place where something printed was handed out, with how many
// people came from there.
type SourceView struct {
	Code     string
	Contacts int
}

// sourceForm is what a code of a print run may be: it goes into deep links,
// whose payload has at most 64 characters.
var sourceForm = regexp.MustCompile(`^[A-Za-z0-9]{1,20}$`)

func (b *Bot) controlLeaflets(*http.Request) (any, error) {
	list := []LeafletView{}
	for _, l := range b.set.Load().Leaflets() {
		list = append(list, LeafletView{strings.ToUpper(l.ID), l.Title.VI, l.Review.Done()})
	}
	return list, nil
}

// controlLeaflet prints a leaflet: paper, lang and src say how.
func (b *Bot) controlLeaflet(w http.ResponseWriter, r *http.Request) {
	raw, err := b.printLeaflet(r.PathValue("id"), r.FormValue("lang"), r.FormValue("paper"), r.FormValue("src"))
	if err != nil {
		writeError(w, err)
		return
	}
	w.Write(raw) //nolint:errcheck // the other side is gone
}

func (b *Bot) printLeaflet(id, lang, paper, src string) ([]byte, error) {
	l, ok := b.set.Load().Leaflet(strings.ToLower(id))
	if !ok {
		return nil, badRequest{fmt.Errorf("there is no leaflet %q; see `sachhon leaflet list`", id)}
	}
	payload := "leaflet_" + strings.ToUpper(l.ID)
	if src != "" {
		if !sourceForm.MatchString(src) {
			return nil, badRequest{errors.New("the code of a print run is 1 to 20 letters and digits, such as P12")}
		}
		payload += "-src_" + src
	}
	link := b.deepLink(payload)
	if link == "" && src != "" {
		return nil, badRequest{errors.New("there is no address yet for the QR code to lead to: set SACHHON_PUBLIC_URL, or run with Telegram")}
	}
	return b.turns.desk.press.LeafletPDF(b.sheetOf(&l, dialogs.ParseLang(lang), link), documents.Paper(strings.ToUpper(paper)))
}

// controlSources counts people by the print run that first brought them.
func (b *Bot) controlSources(r *http.Request) (any, error) {
	by := map[string]int{}
	err := boltStore{b.store}.View(r.Context(), func(tx Tx) error {
		return tx.Contacts(func(c dialogs.Contact) bool {
			if c.Source != "" {
				by[c.Source]++
			}
			return true
		})
	})
	list := []SourceView{}
	for code, n := range by {
		list = append(list, SourceView{code, n})
	}
	slices.SortFunc(list, func(a, b SourceView) int { return strings.Compare(a.Code, b.Code) })
	return list, err
}
