// Exit code 0 while this container's app is ready: it answers, and what it needs answers too.
const response = await fetch(`http://127.0.0.1:${process.env.ADMIN_PORT}/health/ready`).catch(() => undefined)
process.exit(response?.ok ? 0 : 1)
