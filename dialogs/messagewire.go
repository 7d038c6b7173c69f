package dialogs

import "sachhon/dialogs/wire"

// AppendMessage appends m to a record.
func AppendMessage(b []byte, m *Message) []byte {
	b = wire.AppendString(b, m.Text)
	b = append(b, byte(m.Format))
	b = wire.AppendString(b, string(m.Hint))
	b = wire.AppendUint(b, uint64(len(m.Buttons)))
	for _, row := range m.Buttons {
		b = wire.AppendUint(b, uint64(len(row)))
		for i := range row {
			k := &row[i]
			b = wire.AppendString(b, k.ID)
			b = wire.AppendString(b, k.Label)
			b = wire.AppendString(b, k.URL)
			b = append(b, byte(flag(k.On))|byte(flag(k.SharePhone))<<1)
		}
	}
	return AppendMedia(b, m.Media)
}

// ReadMessage reads what [AppendMessage] wrote.
func ReadMessage(r *wire.Reader) Message {
	m := Message{Text: r.String(), Format: Format(r.Byte()), Hint: InputHint(r.String())}
	if n := r.Count(1); n > 0 {
		m.Buttons = make([][]Button, n)
	}
	for i := range m.Buttons {
		row := make([]Button, r.Count(4))
		for j := range row {
			row[j] = Button{ID: r.String(), Label: r.String(), URL: r.String()}
			flags := r.Byte()
			row[j].On, row[j].SharePhone = flags&1 != 0, flags&2 != 0
		}
		m.Buttons[i] = row
	}
	m.Media = ReadMedia(r)
	return m
}

// AppendMedia appends a list of media to a record.
func AppendMedia(b []byte, media []Media) []byte {
	b = wire.AppendUint(b, uint64(len(media)))
	for _, m := range media {
		b = wire.AppendString(b, string(m.Kind))
		b = wire.AppendString(b, m.Name)
		b = wire.AppendString(b, m.MIME)
		b = wire.AppendInt(b, m.Size)
		b = wire.AppendString(b, m.Alt)
		b = wire.AppendString(b, m.Ref)
	}
	return b
}

// ReadMedia reads what [AppendMedia] wrote.
func ReadMedia(r *wire.Reader) []Media {
	n := r.Count(6)
	if n == 0 {
		return nil
	}
	media := make([]Media, n)
	for i := range media {
		media[i] = Media{Kind: MediaKind(r.String()), Name: r.String(), MIME: r.String(), Size: r.Int(), Alt: r.String(), Ref: r.String()}
	}
	return media
}
