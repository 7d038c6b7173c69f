package telegram

import (
	"context"
	"fmt"
	"mime"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// hand gives the receiver all of a batch that is for it, at once and in order.
// What the updates ask for besides, such as answering a pressed button, goes on
// under beside when hand has returned.
func (t *Telegram) hand(ctx, beside context.Context, to channel.Receiver, batch ...update) error {
	var in []channel.Incoming
	var chats []int64
	for i := range batch {
		one, ok, err := t.read(beside, &batch[i])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		in = append(in, one)
		if chat, err := strconv.ParseInt(one.Address.ID, 10, 64); err == nil && !one.Quiet && len(chats) < maxTyping {
			chats = append(chats, chat)
		}
	}
	if len(in) == 0 {
		return nil
	}
	defer t.typing(ctx, chats)()
	return to.Receive(ctx, in...)
}

// read makes of an update what the bot is told; false: nothing.
func (t *Telegram) read(ctx context.Context, u *update) (channel.Incoming, bool, error) {
	var in channel.Incoming
	var ok bool
	var err error
	switch {
	case u.message != nil:
		in, ok = t.readMessage(ctx, u)
	case u.press != nil:
		in, ok, err = t.readPress(ctx, u.press)
	case u.member != nil:
		in, ok = t.readMember(ctx, u.member)
	}
	if err != nil {
		return in, false, err
	}
	if !ok {
		t.log.Debug("update skipped", "kind", u.kind)
		return in, false, nil
	}
	in.ID = t.bot + "." + strconv.FormatInt(u.id, 10)
	return in, true, nil
}

// begin fills in who wrote; false: it is nobody to talk with.
func (t *Telegram) begin(chat *tgbotapi.Chat, from *tgbotapi.User, date int) (channel.Incoming, bool) {
	var in channel.Incoming
	if chat == nil || from == nil || from.IsBot || chat.ID <= 0 || !chat.IsPrivate() {
		return in, false
	}
	in.Address = channel.Address{Channel: Name, ID: strconv.FormatInt(chat.ID, 10)}
	in.Lang = langOf(from)
	if date > 0 {
		in.At = time.Unix(int64(date), 0)
	}
	return in, true
}

// langOf is the language a person's programs are set to, where it is one of ours.
func langOf(from *tgbotapi.User) dialogs.Lang {
	if from == nil {
		return ""
	}
	switch tag, _, _ := strings.Cut(strings.ToLower(from.LanguageCode), "-"); tag {
	case "vi":
		return dialogs.Vietnamese
	case "en":
		return dialogs.English
	default:
		return ""
	}
}

func (t *Telegram) readMessage(ctx context.Context, u *update) (channel.Incoming, bool) {
	m := u.message
	if m.Chat != nil && !m.Chat.IsPrivate() {
		t.inGroup(ctx, m)
		return channel.Incoming{}, false
	}
	in, ok := t.begin(m.Chat, m.From, m.Date)
	if !ok || u.isService() {
		return in, false
	}
	in.Input = inputOf(m)
	in.Quiet = t.albums.again(m.Chat.ID, m.MediaGroupID, u.id)
	return in, true
}

// inputOf is what a person sent.
func inputOf(m *tgbotapi.Message) dialogs.Input {
	switch {
	case m.Contact != nil:
		return contactOf(m)
	case m.Text != "":
		return dialogs.Say(unaddressed(m.Text))
	case len(m.Photo) > 0:
		p := largest(m.Photo)
		return fileInput(m, dialogs.Media{
			Kind: dialogs.Image, Name: fmt.Sprintf("photo-%d.jpg", m.MessageID), MIME: "image/jpeg", Size: int64(p.FileSize), Ref: refFile + p.FileID,
		})
	case m.Document != nil && m.Animation == nil:
		d := m.Document
		return fileInput(m, dialogs.Media{Kind: kindOfFile(d.MimeType), Name: d.FileName, MIME: d.MimeType, Size: int64(d.FileSize), Ref: refFile + d.FileID})
	default:
		return dialogs.Input{Kind: dialogs.InputOther}
	}
}

// unaddressed drops the bot's name from a command: in a private chat there is
// nobody else it could be for.
func unaddressed(text string) string {
	if !strings.HasPrefix(text, "/") {
		return text
	}
	end := strings.IndexAny(text, " \n\t")
	if end < 0 {
		end = len(text)
	}
	command, _, _ := strings.Cut(text[:end], "@")
	return command + text[end:]
}

// contactOf takes a shared number. Only a person's own is vouched for by
// Telegram; somebody else's is as good as typed.
func contactOf(m *tgbotapi.Message) dialogs.Input {
	number := "+" + strings.TrimLeft(m.Contact.PhoneNumber, "+ ")
	if m.From != nil && m.Contact.UserID != 0 && m.Contact.UserID == m.From.ID {
		return dialogs.Input{Kind: dialogs.InputPhone, Text: number}
	}
	return dialogs.Say(m.Contact.PhoneNumber)
}

func largest(sizes []tgbotapi.PhotoSize) tgbotapi.PhotoSize {
	best := sizes[0]
	for _, s := range sizes[1:] {
		if s.Width*s.Height > best.Width*best.Height {
			best = s
		}
	}
	return best
}

// maxIncoming is the largest file a bot can fetch (Bot API, getFile).
const maxIncoming = 20 << 20

// fileInput is a file that was sent, if it is one the bot can have a use for.
func fileInput(m *tgbotapi.Message, f dialogs.Media) dialogs.Input {
	if f.Kind == "" || f.Size > maxIncoming || f.Ref == refFile {
		return dialogs.Input{Kind: dialogs.InputOther}
	}
	if f.Name = path.Base(strings.ReplaceAll(f.Name, `\`, "/")); f.Name == "." || f.Name == "/" {
		f.Name = fmt.Sprintf("file-%d", m.MessageID)
	}
	return dialogs.Input{Kind: dialogs.InputFile, Text: m.Caption, File: f}
}

// kindOfFile says what a document is; "": nothing the bot has a use for.
func kindOfFile(kind string) dialogs.MediaKind {
	kind, _, err := mime.ParseMediaType(kind)
	switch {
	case err != nil:
		return ""
	case strings.HasPrefix(kind, "image/"):
		return dialogs.Image
	case strings.HasPrefix(kind, "text/"), kind == "application/pdf", kind == "application/rtf", kind == "application/msword",
		strings.HasPrefix(kind, "application/vnd.ms-"), strings.HasPrefix(kind, "application/vnd.openxmlformats-officedocument."),
		strings.HasPrefix(kind, "application/vnd.oasis.opendocument."):
		return dialogs.Document
	default:
		return ""
	}
}

// readPress takes a pressed button and has it answered at once. Telegram does
// not say when it was pressed.
func (t *Telegram) readPress(ctx context.Context, p *tgbotapi.CallbackQuery) (channel.Incoming, bool, error) {
	if p.From == nil {
		return channel.Incoming{}, false, nil
	}
	chat := &tgbotapi.Chat{ID: p.From.ID, Type: "private"} // of a message sent by way of another chat
	if p.Message != nil && p.Message.Chat != nil {
		chat = p.Message.Chat
	}
	t.answer(ctx, chat.ID, p.ID)
	in, ok := t.begin(chat, p.From, 0)
	if !ok {
		return in, false, nil
	}
	id, err := t.buttonID(ctx, chat.ID, p.Data)
	if err != nil {
		return in, false, err
	}
	in.Input = dialogs.Press(id)
	if p.Message != nil && p.Message.Date != 0 { // 0: too old to be shown or changed
		in.Under = strconv.Itoa(p.Message.MessageID)
		in.Label = pressedLabel(p.Message, p.Data)
	}
	return in, true, nil
}

// readMember takes that a person shut the bot out or let it in again.
func (t *Telegram) readMember(ctx context.Context, m *tgbotapi.ChatMemberUpdated) (channel.Incoming, bool) {
	if !m.Chat.IsPrivate() {
		if isIn(m.NewChatMember) && !isIn(m.OldChatMember) {
			t.tellGroup(ctx, m.Chat.ID, langOf(&m.From))
		}
		return channel.Incoming{}, false
	}
	in, ok := t.begin(&m.Chat, &m.From, m.Date)
	in.Input.Kind = dialogs.InputOther
	switch m.NewChatMember.Status {
	case "kicked":
		in.Standing = channel.StandingBlocked
	case "member":
		in.Standing, in.Quiet = channel.StandingBack, true
	default:
		return in, false
	}
	return in, ok
}

func isIn(m tgbotapi.ChatMember) bool {
	return m.Status == "member" || m.Status == "administrator" || m.Status == "creator" || m.Status == "restricted" && m.IsMember
}

// albums remembers the last album of each chat. Its pictures come as messages
// of their own, and only the first is an answer.
type albums struct {
	mu   sync.Mutex
	last map[int64]album
}

type album struct {
	id    string
	first int64 // the update that began it, which may come again
}

// maxAlbums bounds the memory; what is forgotten is answered twice.
const maxAlbums = 1024

func newAlbums() *albums { return &albums{last: map[int64]album{}} }

// again says whether a message belongs to an album that has begun before it.
func (a *albums) again(chat int64, id string, update int64) bool {
	if id == "" {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.last[chat]; ok && last.id == id {
		return last.first != update
	}
	for old := range a.last {
		if len(a.last) < maxAlbums {
			break
		}
		delete(a.last, old)
	}
	a.last[chat] = album{id, update}
	return false
}
