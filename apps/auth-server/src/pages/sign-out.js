// The person who asks was shown by an ID token: no need to ask again.
document.querySelector('button[name="logout"]').click()
