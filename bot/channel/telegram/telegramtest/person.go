package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Person is somebody who talks to the bot. What a person does returns the id of
// the update that tells the bot of it; 0: the bot does not hear of it.
type Person struct {
	s      *Server
	user   User
	room   *room
	phone  string
	toasts []Toast
}

// NewPerson makes a person whom the bot knows by id alone until they write. The
// language is a code such as "vi"; empty: the app does not tell.
func (s *Server) NewPerson(id int64, firstName, lang string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newPerson(id, firstName, lang)
}

func (s *Server) newPerson(id int64, firstName, lang string) *Person {
	p := &Person{s: s, user: User{ID: id, FirstName: firstName, LanguageCode: lang}, phone: fmt.Sprintf("8491%07d", id%10_000_000)}
	p.room = &room{chat: Chat{ID: id, Type: "private", FirstName: firstName}, person: p}
	s.people[id], s.rooms[id] = p, p.room
	s.touch()
	return p
}

// Person returns the person with an id; nil: there is none.
func (s *Server) Person(id int64) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people[id]
}

// ID is the person's id, and that of the private chat with the bot.
func (p *Person) ID() int64 { return p.user.ID }

// SetPhone sets the person's number, as Telegram tells it: mostly without "+".
func (p *Person) SetPhone(number string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.phone = number
}

// Start presses the start button, as a deep link with a payload does; a payload
// may be empty.
func (p *Person) Start(payload string) int {
	return p.Say(strings.TrimSpace("/start " + payload))
}

// Say writes a text. Who has blocked the bot lets it in again with that.
func (p *Person) Say(text string) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.write(message{Text: text, Entities: commands(text)}, nil)
}

// SayAs writes a text in an update with this id. Where there was an update with
// the id before, that one arrives again and the text does not matter.
func (p *Person) SayAs(updateID int, text string) int {
	p.s.mu.Lock()
	known := slices.ContainsFunc(p.s.updates.past, func(u *update) bool { return u.id == updateID })
	if !known {
		defer p.s.mu.Unlock()
		next := p.s.updates.next
		p.s.updates.next = updateID
		defer func() { p.s.updates.next = max(next, updateID+1) }()
		return p.write(message{Text: text, Entities: commands(text)}, nil)
	}
	p.s.mu.Unlock()
	p.s.Redeliver(updateID)
	return updateID
}

// write puts something of the person into the private chat.
func (p *Person) write(m message, f *file) int {
	c := p.room
	if c.deactivated {
		return 0
	}
	p.unblock()
	c.started, c.told = true, ""
	return p.s.hear(p, c, m, f)
}

// hear puts something that a person wrote into a chat and tells the bot.
func (s *Server) hear(p *Person, c *room, m message, f *file) int {
	m.From = &p.user
	post := &post{msg: m, at: s.opts.Now(), mine: true}
	if f != nil {
		post.carry(f)
	}
	c.add(post)
	s.touch()
	if c.person == nil && !s.hears(c, post) {
		return 0
	}
	return s.happen("message", "chat "+decimal(c.chat.ID), post.msg, post.at, day)
}

// commands finds the command at the beginning of a text.
func commands(text string) []Entity {
	word, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " ")
	if len(word) < 2 || word[0] != '/' {
		return nil
	}
	return []Entity{{Type: "bot_command", Length: unitsOf(word)}}
}

// Press presses the button that bears a label, or else has this callback data,
// on the newest message that has one, or on the keyboard below. A button of the
// keyboard writes its label, or shares the own number if it asks for that.
func (p *Person) Press(labelOrData string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.pressIn(p, p.room, labelOrData)
}

func (s *Server) pressIn(p *Person, c *room, want string) error {
	var have []string
	for _, match := range []func(Button) bool{
		func(b Button) bool { return b.Text == want },
		func(b Button) bool { return b.Data == want && want != "" },
	} {
		for _, on := range slices.Backward(c.posts) {
			if on.msg.Markup == nil {
				continue
			}
			for _, b := range slices.Concat(on.msg.Markup.Rows...) {
				have = append(have, b.Text)
				if !match(b) {
					continue
				}
				if b.Data == "" {
					return fmt.Errorf("press %q: it opens %s%s and tells the bot nothing", want, b.URL, onPage(b))
				}
				s.press(p, c, on, on.msg.ID, b.Data)
				return nil
			}
		}
	}
	if b, ok := c.keyboard.find(want); ok {
		s.pressKey(p, c, b)
		return nil
	}
	slices.Sort(have)
	return fmt.Errorf("press %q: no such button; there are %q", want, slices.Compact(have))
}

func onPage(b Button) string {
	switch {
	case b.WebApp != nil:
		return b.WebApp.URL
	case b.CopyText != nil:
		return "the clipboard"
	}
	return ""
}

// find returns the button of the keyboard that bears a label.
func (k *keyboard) find(label string) (ReplyButton, bool) {
	if k == nil {
		return ReplyButton{}, false
	}
	all := slices.Concat(k.rows...)
	i := slices.IndexFunc(all, func(b ReplyButton) bool { return b.Text == label })
	if i < 0 {
		return ReplyButton{}, false
	}
	return all[i], true
}

func (s *Server) pressKey(p *Person, c *room, b ReplyButton) {
	if c.keyboard.once {
		c.keyboard = nil
	}
	m := message{Text: b.Text}
	if b.RequestContact {
		m = message{Contact: p.contact()}
	}
	if c.person != nil {
		p.write(m, nil)
		return
	}
	s.hear(p, c, m, nil)
}

// PressOn presses a button with any data on any message, as a forged or an old
// client can: the message need not have such a button, nor exist.
func (p *Person) PressOn(messageID int64, data string) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.press(p, p.room, p.room.find(messageID), messageID, data)
}

func (p *Person) contact() *Contact {
	return &Contact{Phone: p.phone, FirstName: p.user.FirstName, UserID: p.user.ID}
}

// ShareContact sends the person's own number.
func (p *Person) ShareContact() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.write(message{Contact: p.contact()}, nil)
}

// ShareContactOf sends the number of somebody else; a userID of 0 is somebody
// who is not on Telegram.
func (p *Person) ShareContactOf(phone, firstName string, userID int64) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.write(message{Contact: &Contact{Phone: phone, FirstName: firstName, UserID: userID}}, nil)
}

// SendPhoto sends a picture with a caption. What cannot be read as one is an
// error.
func (p *Person) SendPhoto(picture []byte, caption string) (int, error) {
	return p.sendFile(photoKind, upload{name: "photo.jpg", bytes: picture}, caption)
}

// SendDocument sends a file with a caption.
func (p *Person) SendDocument(content []byte, name, caption string) (int, error) {
	return p.sendFile(documentKind, upload{name: name, mime: "application/octet-stream", bytes: content}, caption)
}

func (p *Person) sendFile(kind fileKind, up upload, caption string) (int, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	f, e := p.s.keep(kind, up)
	if e != nil {
		return 0, fmt.Errorf("send %s: %s", kind, e.text)
	}
	return p.write(message{Caption: caption}, f), nil
}

// SendAlbum sends pictures at once: the bot hears of each by itself, with the
// same media_group_id and the caption on the first.
func (p *Person) SendAlbum(caption string, pictures ...[]byte) ([]int, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	group := strconv.Itoa(13_000_000_000 + p.s.number())
	var ids []int
	for _, picture := range pictures {
		f, e := p.s.keep(photoKind, upload{name: "photo.jpg", bytes: picture})
		if e != nil {
			return ids, fmt.Errorf("send album: %s", e.text)
		}
		ids = append(ids, p.write(message{Caption: caption, MediaGroup: group}, f))
		caption = ""
	}
	return ids, nil
}

// Block shuts the bot out.
func (p *Person) Block() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.room.blocked {
		return 0
	}
	p.room.blocked = true
	return p.membership("member", "kicked")
}

// Unblock lets the bot in again.
func (p *Person) Unblock() int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.unblock()
}

func (p *Person) unblock() int {
	if !p.room.blocked {
		return 0
	}
	p.room.blocked, p.room.told = false, ""
	return p.membership("kicked", "member")
}

// Deactivate deletes the person's account. The bot is told only when it writes.
func (p *Person) Deactivate() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.room.deactivated = true
	p.s.touch()
}

// Delete takes a message away on both sides.
func (p *Person) Delete(messageID int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.room.remove(messageID)
	p.s.touch()
}

// membership tells the bot how it stands in the private chat.
func (p *Person) membership(old, now string) int {
	return p.s.memberChange(p.room, p.user, old, now)
}

// WaitFor waits until the person's view of the chat is as wanted.
func (p *Person) WaitFor(ctx context.Context, wanted func(seen []Shown) bool) error {
	if err := p.s.WaitFor(ctx, func() bool { return wanted(p.Seen()) }); err != nil {
		return fmt.Errorf("wait for what %s sees: %w; it is %q", p.user.FirstName, err, texts(p.Seen()))
	}
	return nil
}

// WaitText waits until the newest message of the bot holds a text, and returns
// that message.
func (p *Person) WaitText(ctx context.Context, part string) (Shown, error) {
	var last Shown
	err := p.WaitFor(ctx, func(seen []Shown) bool {
		if len(seen) == 0 {
			return false
		}
		last = seen[len(seen)-1]
		return strings.Contains(last.Text, part)
	})
	return last, err
}

func texts(all []Shown) []string {
	var out []string
	for _, s := range all {
		out = append(out, s.Text)
	}
	return out
}

func decimal(id int64) string { return strconv.FormatInt(id, 10) }
